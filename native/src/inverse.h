/*
 * Inverse of a scalar modulo the order of secp256k1, in variable time: for public values only.
 *
 * Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019), section 8: from the pair (f, g)
 * = (order, x) each division step removes one bit of g. 62 steps at a time are decided from the lowest 64 bits alone
 * and collected in a matrix, which then is applied to the long numbers. What the steps make of (0, 1) is x's inverse.
 */
#ifndef SLUICE_INVERSE_H
#define SLUICE_INVERSE_H

#include <stdint.h>
#include <string.h>

/* A signed number: limbs of 62 bits, the last one holding the sign. */
#define LIMBS 5
#define LIMB_BITS 62
static const uint64_t limb_mask = UINT64_MAX >> 2;

typedef struct {
    int64_t limb[LIMBS];
} number;

/* 2^62 (f', g') = (u f + v g, q f + r g) */
typedef struct {
    int64_t u, v, q, r;
} steps;

static const number order = {{0x3fd25e8cd0364141, 0x2abb739abd2280ee, -0x15, 0, 256}};

/* The order's inverse modulo 2^62. */
static const uint64_t order_inverse = 0x34f20099aa774ec1;

static int decide_steps(int eta, uint64_t f, uint64_t g, steps *matrix) {
    uint64_t u = 1, v = 0, q = 0, r = 1;
    int left = LIMB_BITS;
    for (;;) {
        /* Halving g as often as it is even; the marker bit ends it with the round. */
        int zeros = __builtin_ctzll(g | (UINT64_MAX << left));
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= zeros;
        left -= zeros;
        if (left == 0) break;
        if (eta < 0) {
            uint64_t before;
            eta = -eta;
            before = f, f = g, g = -before;
            before = u, u = q, q = -before;
            before = v, v = r, r = -before;
        }
        /* Until eta turns negative nothing is exchanged, so that one multiple of f clears that many bits, at most six:
         * f (2 - f f) is f's inverse modulo 64. */
        int bits = eta + 1 < left ? eta + 1 : left;
        if (bits > 6) bits = 6;
        uint64_t multiple = (f * (f * f - 2) * g) & ((UINT64_C(1) << bits) - 1);
        g += f * multiple;
        q += u * multiple;
        r += v * multiple;
    }
    matrix->u = (int64_t)u;
    matrix->v = (int64_t)v;
    matrix->q = (int64_t)q;
    matrix->r = (int64_t)r;
    return eta;
}

/* (a x + b y) / 2^62, which is whole. */
static void combine(number *result, int64_t a, const number *x, int64_t b, const number *y) {
    __int128 sum = (__int128)a * x->limb[0] + (__int128)b * y->limb[0];
    sum >>= LIMB_BITS;
    for (int i = 1; i < LIMBS; i++) {
        sum += (__int128)a * x->limb[i] + (__int128)b * y->limb[i];
        result->limb[i - 1] = (int64_t)((uint64_t)sum & limb_mask);
        sum >>= LIMB_BITS;
    }
    result->limb[LIMBS - 1] = (int64_t)sum;
}

/* (a x + b y) / 2^62 modulo the order: its size grows by less than one order a call. */
static void combine_modulo(number *result, int64_t a, const number *x, int64_t b, const number *y) {
    uint64_t low = (uint64_t)a * (uint64_t)x->limb[0] + (uint64_t)b * (uint64_t)y->limb[0];
    int64_t times = (int64_t)((low * order_inverse) & limb_mask);
    __int128 sum = (__int128)a * x->limb[0] + (__int128)b * y->limb[0] - (__int128)times * order.limb[0];
    sum >>= LIMB_BITS;
    for (int i = 1; i < LIMBS; i++) {
        sum += (__int128)a * x->limb[i] + (__int128)b * y->limb[i] - (__int128)times * order.limb[i];
        result->limb[i - 1] = (int64_t)((uint64_t)sum & limb_mask);
        sum >>= LIMB_BITS;
    }
    result->limb[LIMBS - 1] = (int64_t)sum;
}

static int is_zero(const number *x) {
    int64_t any = 0;
    for (int i = 0; i < LIMBS; i++) any |= x->limb[i];
    return any == 0;
}

static void add_order(number *x, int64_t times) {
    __int128 carry = 0;
    for (int i = 0; i < LIMBS - 1; i++) {
        carry += (__int128)x->limb[i] + (__int128)times * order.limb[i];
        x->limb[i] = (int64_t)((uint64_t)carry & limb_mask);
        carry >>= LIMB_BITS;
    }
    x->limb[LIMBS - 1] += (int64_t)carry + times * order.limb[LIMBS - 1];
}

static int is_below_order(const number *x) {
    number difference = *x;
    add_order(&difference, -1);
    return difference.limb[LIMBS - 1] < 0;
}

static void from_scalar(number *x, const uint64_t words[4]) {
    x->limb[0] = (int64_t)(words[0] & limb_mask);
    x->limb[1] = (int64_t)((words[0] >> 62 | words[1] << 2) & limb_mask);
    x->limb[2] = (int64_t)((words[1] >> 60 | words[2] << 4) & limb_mask);
    x->limb[3] = (int64_t)((words[2] >> 58 | words[3] << 6) & limb_mask);
    x->limb[4] = (int64_t)(words[3] >> 56);
}

static void to_scalar(uint64_t words[4], const number *x) {
    const int64_t *l = x->limb;
    words[0] = (uint64_t)l[0] | (uint64_t)l[1] << 62;
    words[1] = (uint64_t)l[1] >> 2 | (uint64_t)l[2] << 60;
    words[2] = (uint64_t)l[2] >> 4 | (uint64_t)l[3] << 58;
    words[3] = (uint64_t)l[3] >> 6 | (uint64_t)l[4] << 56;
}

/* The inverse of a scalar that is neither zero nor beyond the order; both as four words, the lowest first. */
static void invert(uint64_t inverse[4], const uint64_t scalar[4]) {
    number d = {{0}}, e = {{1}}, f = order, g, next_d, next_f;
    int eta = -1;
    from_scalar(&g, scalar);
    while (!is_zero(&g)) {
        steps m;
        uint64_t low_f = (uint64_t)f.limb[0] | (uint64_t)f.limb[1] << LIMB_BITS;
        uint64_t low_g = (uint64_t)g.limb[0] | (uint64_t)g.limb[1] << LIMB_BITS;
        eta = decide_steps(eta, low_f, low_g, &m);
        combine(&next_f, m.u, &f, m.v, &g);
        combine(&g, m.q, &f, m.r, &g);
        combine_modulo(&next_d, m.u, &d, m.v, &e);
        combine_modulo(&e, m.q, &d, m.r, &e);
        f = next_f;
        d = next_d;
    }
    /* f is now 1 or -1, the greatest common divisor, and d the inverse times f. */
    if (f.limb[LIMBS - 1] < 0) {
        number nothing = {{0}};
        combine_modulo(&d, -(INT64_C(1) << LIMB_BITS), &d, 0, &nothing);
    }
    while (d.limb[LIMBS - 1] < 0) add_order(&d, 1);
    while (!is_below_order(&d)) add_order(&d, -1);
    to_scalar(inverse, &d);
}

#endif
