/*
 * What Node sees: `prepare(publicKey)` makes the table of a key, `verify(table, digest, rs)` checks a signature by it,
 * `verifyMany(tables, digests, rs)` checks several, together where the processor can, and `keccak256(data, hash)` hashes.
 * A table is memory of this program: it may be kept and handed back, not changed, stored or sent.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <pthread.h>

#include "keccak.h"
#include "lanes.h"

static pthread_once_t is_prepared = PTHREAD_ONCE_INIT;
#if HAS_LANES
static int lanes_are_usable;
#endif

static void prepare_all(void) {
    prepare_generator();
#if HAS_LANES
    prepare_lanes();
    lanes_are_usable = can_use_lanes();
#endif
}

/* A Uint8Array; `data` may be NULL where `length` is zero. */
typedef struct {
    unsigned char *data;
    size_t length;
} byte_array;

static bool read_bytes(napi_env env, napi_value value, byte_array *bytes) {
    napi_typedarray_type type;
    void *data;
    bool is_typed_array;
    if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return false;
    if (napi_get_typedarray_info(env, value, &type, &bytes->length, &data, NULL, NULL) != napi_ok) return false;
    bytes->data = data;
    return type == napi_uint8_array;
}

/* The bytes of a Uint8Array of at least and at most so many; NULL: it is none. */
static unsigned char *bytes_within(napi_env env, napi_value value, size_t least, size_t most) {
    byte_array bytes;
    if (!read_bytes(env, value, &bytes)) return NULL;
    return bytes.length >= least && bytes.length <= most ? bytes.data : NULL;
}

static unsigned char *bytes_of(napi_env env, napi_value value, size_t length) {
    return bytes_within(env, value, length, length);
}

static napi_value refuse(napi_env env, const char *message) {
    napi_throw_type_error(env, NULL, message);
    return NULL;
}

static napi_value prepare_call(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value argument, buffer, table;
    void *memory;
    secp256k1_ge point;
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    const unsigned char *key = count == 1 ? bytes_of(env, argument, 65) : NULL;
    if (key == NULL) return refuse(env, "prepare takes a public key: a Uint8Array of 65 bytes");
    if (!secp256k1_eckey_pubkey_parse(&point, key, 65)) {
        napi_get_undefined(env, &table);
        return table;
    }
    if (napi_create_arraybuffer(env, sizeof(key_table), &memory, &buffer) != napi_ok) return NULL;
    prepare_key(memory, &point);
    napi_create_typedarray(env, napi_uint8_array, sizeof(key_table), buffer, 0, &table);
    return table;
}

static napi_value verify_call(napi_env env, napi_callback_info info) {
    size_t count = 3;
    napi_value arguments[3], answer;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    const unsigned char *table = count == 3 ? bytes_of(env, arguments[0], sizeof(key_table)) : NULL;
    const unsigned char *digest = count == 3 ? bytes_of(env, arguments[1], 32) : NULL;
    const unsigned char *rs = count == 3 ? bytes_of(env, arguments[2], 64) : NULL;
    if (table == NULL || digest == NULL || rs == NULL)
        return refuse(env, "verify takes a table of prepare, a digest of 32 bytes and a signature of 64 bytes");
    napi_get_boolean(env, verify((const key_table *)table, digest, rs), &answer);
    return answer;
}

/* Signatures of one call of verifyMany at most: its answer is a bit for each. */
#define MOST 32

/* Checks signatures that lie one after another. Together where that is faster; a check that says no is made again alone. */
static uint32_t verify_many(const key_table *const table[], const unsigned char *digest, const unsigned char *rs, uint32_t count) {
    uint32_t good = 0;
#if HAS_LANES
    if (lanes_are_usable)
        for (uint32_t first = 0; first + FEWEST_LANES <= count; first += LANES) {
            const uint32_t length = count - first < LANES ? count - first : LANES;
            good |= verify_lanes(table + first, digest + 32 * first, rs + 64 * first, length) << first;
        }
#endif
    for (uint32_t i = 0; i < count; i++)
        if (!(good >> i & 1) && verify(table[i], digest + 32 * i, rs + 64 * i)) good |= UINT32_C(1) << i;
    return good;
}

static napi_value verify_many_call(napi_env env, napi_callback_info info) {
    size_t argument_count = 3;
    uint32_t count = 0;
    napi_value arguments[3], element, answer;
    const key_table *tables[MOST];
    bool is_array = false;
    const char *expected = "verifyMany takes 1 to 32 tables of prepare, and at least as many digests of 32 bytes and signatures of 64";
    napi_get_cb_info(env, info, &argument_count, arguments, NULL, NULL);
    if (argument_count < 3 || napi_is_array(env, arguments[0], &is_array) != napi_ok || !is_array) return refuse(env, expected);
    napi_get_array_length(env, arguments[0], &count);
    if (count < 1 || count > MOST) return refuse(env, expected);
    for (uint32_t i = 0; i < count; i++) {
        napi_get_element(env, arguments[0], i, &element);
        tables[i] = (const key_table *)bytes_of(env, element, sizeof(key_table));
        if (tables[i] == NULL) return refuse(env, expected);
    }
    const unsigned char *digests = bytes_within(env, arguments[1], (size_t)32 * count, SIZE_MAX);
    const unsigned char *rs = bytes_within(env, arguments[2], (size_t)64 * count, SIZE_MAX);
    if (digests == NULL || rs == NULL) return refuse(env, expected);
    napi_create_uint32(env, verify_many(tables, digests, rs, count), &answer);
    return answer;
}

static napi_value keccak256_call(napi_env env, napi_callback_info info) {
    size_t count = 2;
    napi_value arguments[2];
    byte_array data;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    unsigned char *hash = count == 2 ? bytes_of(env, arguments[1], 32) : NULL;
    if (hash == NULL || !read_bytes(env, arguments[0], &data))
        return refuse(env, "keccak256 takes a Uint8Array, and one of 32 bytes for the hash");
    keccak256(hash, data.data, data.length);
    return arguments[1];
}

NAPI_MODULE_INIT() {
    const napi_property_descriptor calls[] = {
        {"prepare", NULL, prepare_call, NULL, NULL, NULL, napi_enumerable, NULL},
        {"verify", NULL, verify_call, NULL, NULL, NULL, napi_enumerable, NULL},
        {"keccak256", NULL, keccak256_call, NULL, NULL, NULL, napi_enumerable, NULL},
        {"verifyMany", NULL, verify_many_call, NULL, NULL, NULL, napi_enumerable, NULL},
    };
    pthread_once(&is_prepared, prepare_all);
    napi_define_properties(env, exports, sizeof(calls) / sizeof(calls[0]), calls);
    return exports;
}
