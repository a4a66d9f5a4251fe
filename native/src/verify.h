/*
 * ECDSA verification over secp256k1 against a key that signs often, in variable time: it handles public values only.
 *
 * A check asks whether R = u1 G + u2 Q has r for its x-coordinate. Q is the same from voucher to voucher, so its
 * multiples are worth a table, as G's are: with both there is nothing left but to add up entries. The curve's
 * endomorphism, lambda (x, y) = (beta x, y), halves the scalars and so the tables.
 *
 * Field, group and scalar arithmetic are libsecp256k1's.
 */
#ifndef SLUICE_VERIFY_H
#define SLUICE_VERIFY_H

#include "secp256k1.c"
#include "inverse.h"

/* Halves of scalars are below 2^128. */
#define HALF_BITS 128

/*
 * A key's table is a comb: entry i is the sum of 2^(SPACING j) Q over the set bits j of i. Reading TEETH bits of the
 * scalar, SPACING apart, gives one entry; SPACING columns of them, a doubling in between, give the product.
 */
#define TEETH 7
#define SPACING ((HALF_BITS + TEETH - 1) / TEETH)
#define COMB_ENTRIES ((1 << TEETH) - 1)

/* G's table has every multiple of each window of WINDOW bits, so its product needs no doubling. */
#define WINDOW 10
#define WINDOWS ((HALF_BITS + WINDOW - 1) / WINDOW)
#define WINDOW_ENTRIES ((1 << WINDOW) - 1)

typedef struct {
    secp256k1_ge_storage entry[COMB_ENTRIES];
} key_table;

static secp256k1_ge_storage generator_table[WINDOWS][WINDOW_ENTRIES];

/* A half of a scalar: its size, and whether it counts negatively. */
typedef struct {
    uint64_t low, high;
    int is_negative;
} half;

static unsigned bit_of(const half *k, unsigned position) {
    if (position >= HALF_BITS) return 0;
    return (position < 64 ? k->low >> position : k->high >> (position - 64)) & 1;
}

/* WINDOW bits from `position` on. */
static unsigned bits_of(const half *k, unsigned position) {
    uint64_t bits = position >= 64 ? k->high >> (position - 64)
                  : position == 0  ? k->low
                                   : k->low >> position | k->high << (64 - position);
    return (unsigned)(bits & WINDOW_ENTRIES);
}

static void half_of(half *k, const secp256k1_scalar *scalar) {
    secp256k1_scalar size = *scalar;
    k->is_negative = secp256k1_scalar_is_high(&size);
    if (k->is_negative) secp256k1_scalar_negate(&size, &size);
    k->low = size.d[0];
    k->high = size.d[1];
}

/* k = k[0] + lambda k[1] */
static void split(half k[2], const secp256k1_scalar *scalar) {
    secp256k1_scalar first, second;
    secp256k1_scalar_split_lambda(&first, &second, scalar);
    half_of(&k[0], &first);
    half_of(&k[1], &second);
}

/* Adds entry number `index`, times lambda for the second half, with the half's sign. Number zero is nothing. */
static void add_entry(secp256k1_gej *sum, const secp256k1_ge_storage *entries, unsigned index, const half *k, int second) {
    secp256k1_ge point;
    if (index == 0) return;
    secp256k1_ge_from_storage(&point, &entries[index - 1]);
    if (second) secp256k1_ge_mul_lambda(&point, &point);
    if (k->is_negative) secp256k1_ge_neg(&point, &point);
    secp256k1_gej_add_ge_var(sum, sum, &point, NULL);
}

/*
 * Which entry each column of a key's comb takes, for both halves. All are asked for before the first is needed: with many
 * keys a table is seldom in the cache.
 */
static void comb_columns(unsigned index[SPACING][2], const half q[2], const key_table *key) {
    for (unsigned column = 0; column < SPACING; column++)
        for (int h = 0; h < 2; h++) {
            index[column][h] = 0;
            for (unsigned tooth = 0; tooth < TEETH; tooth++)
                index[column][h] |= bit_of(&q[h], tooth * SPACING + column) << tooth;
            if (index[column][h] > 0) __builtin_prefetch(&key->entry[index[column][h] - 1]);
        }
}

/* u1 G + u2 Q */
static void multiply(secp256k1_gej *sum, const secp256k1_scalar *u1, const secp256k1_scalar *u2, const key_table *key) {
    half g[2], q[2];
    unsigned index[SPACING][2];
    split(g, u1);
    split(q, u2);
    comb_columns(index, q, key);
    secp256k1_gej_set_infinity(sum);
    for (unsigned column = SPACING; column-- > 0;) {
        secp256k1_gej_double_var(sum, sum, NULL);
        for (int h = 0; h < 2; h++) add_entry(sum, key->entry, index[column][h], &q[h], h);
    }
    for (unsigned window = 0; window < WINDOWS; window++)
        for (int h = 0; h < 2; h++) add_entry(sum, generator_table[window], bits_of(&g[h], window * WINDOW), &g[h], h);
}

/* Converts sums to table entries with one inversion for all. */
static void store(secp256k1_ge_storage *entries, const secp256k1_gej *sums, size_t length) {
    secp256k1_ge points[length];
    secp256k1_ge_set_all_gej_var(points, sums, length);
    for (size_t i = 0; i < length; i++) secp256k1_ge_to_storage(&entries[i], &points[i]);
}

static void prepare_key(key_table *key, const secp256k1_ge *point) {
    secp256k1_gej sums[COMB_ENTRIES], tooth;
    secp256k1_gej_set_ge(&tooth, point);
    for (unsigned i = 0; i < TEETH; i++) {
        size_t first = ((size_t)1 << i) - 1;
        if (i > 0)
            for (unsigned j = 0; j < SPACING; j++) secp256k1_gej_double_var(&tooth, &tooth, NULL);
        sums[first] = tooth;
        for (size_t j = 0; j < first; j++) secp256k1_gej_add_var(&sums[first + 1 + j], &sums[j], &tooth, NULL);
    }
    store(key->entry, sums, COMB_ENTRIES);
}

static void prepare_generator(void) {
    secp256k1_gej base;
    secp256k1_gej_set_ge(&base, &secp256k1_ge_const_g);
    for (unsigned window = 0; window < WINDOWS; window++) {
        secp256k1_gej sums[WINDOW_ENTRIES];
        sums[0] = base;
        for (unsigned i = 1; i < WINDOW_ENTRIES; i++) secp256k1_gej_add_var(&sums[i], &sums[i - 1], &base, NULL);
        store(generator_table[window], sums, WINDOW_ENTRIES);
        secp256k1_gej_add_var(&base, &sums[WINDOW_ENTRIES - 1], &base, NULL);
    }
}

/* x(R) = r modulo the order: the coordinate is r, or r + order where that is still below the field's prime. */
static int has_x(const secp256k1_gej *R, const secp256k1_scalar *r) {
    unsigned char bytes[32];
    secp256k1_fe x;
    if (secp256k1_gej_is_infinity(R)) return 0;
    secp256k1_scalar_get_b32(bytes, r);
    secp256k1_fe_set_b32(&x, bytes);
    if (secp256k1_gej_eq_x_var(&x, R)) return 1;
    if (secp256k1_fe_cmp_var(&x, &secp256k1_ecdsa_const_p_minus_order) >= 0) return 0;
    secp256k1_fe_add(&x, &secp256k1_ecdsa_const_order_as_fe);
    return secp256k1_gej_eq_x_var(&x, R);
}

/* r and s of a signature of 64 bytes; 0 where they are none, or where s is high. */
static int signature_scalars(secp256k1_scalar *r, secp256k1_scalar *s, const unsigned char rs[64]) {
    int overflow_r, overflow_s;
    secp256k1_scalar_set_b32(r, rs, &overflow_r);
    secp256k1_scalar_set_b32(s, rs + 32, &overflow_s);
    return !overflow_r && !overflow_s && !secp256k1_scalar_is_zero(r) && !secp256k1_scalar_is_zero(s)
        && !secp256k1_scalar_is_high(s);
}

/* One over a scalar that is not zero. */
static void invert_scalar(secp256k1_scalar *inverse, const secp256k1_scalar *scalar) {
    secp256k1_scalar proof;
    invert(inverse->d, scalar->d);
    secp256k1_scalar_mul(&proof, inverse, scalar);
    /* One multiplication proves the inverse; should it ever fail, the library's slower way answers. */
    if (!secp256k1_scalar_is_one(&proof)) secp256k1_scalar_inverse_var(inverse, scalar);
}

/* Whether `rs`, r and a low s of 32 bytes each, signs `digest` by the key. */
static int verify(const key_table *key, const unsigned char digest[32], const unsigned char rs[64]) {
    secp256k1_scalar r, s, message, inverse, u1, u2;
    secp256k1_gej R;
    if (!signature_scalars(&r, &s, rs)) return 0;
    secp256k1_scalar_set_b32(&message, digest, NULL);
    invert_scalar(&inverse, &s);
    secp256k1_scalar_mul(&u1, &inverse, &message);
    secp256k1_scalar_mul(&u2, &inverse, &r);
    multiply(&R, &u1, &u2, key);
    return has_x(&R, &r);
}

#endif
