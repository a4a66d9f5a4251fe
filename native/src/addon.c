/*
 * What Node sees: `prepare(publicKey)` makes the table of a key, `verify(table, digest, rs)` checks a signature by it.
 * A table is memory of this program: it may be kept and handed back, not changed, stored or sent.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <pthread.h>

#include "verify.h"

static pthread_once_t generator_is_prepared = PTHREAD_ONCE_INIT;

/* The bytes of argument `index` when it is a Uint8Array of that length. */
static unsigned char *bytes_of(napi_env env, napi_value value, size_t expected) {
    napi_typedarray_type type;
    size_t length;
    void *data;
    bool is_typed_array;
    if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return NULL;
    if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return NULL;
    return type == napi_uint8_array && length == expected ? data : NULL;
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

NAPI_MODULE_INIT() {
    const napi_property_descriptor calls[] = {
        {"prepare", NULL, prepare_call, NULL, NULL, NULL, napi_enumerable, NULL},
        {"verify", NULL, verify_call, NULL, NULL, NULL, napi_enumerable, NULL},
    };
    pthread_once(&generator_is_prepared, prepare_generator);
    napi_define_properties(env, exports, sizeof(calls) / sizeof(calls[0]), calls);
    return exports;
}
