/*
 * Eight checks of verify.h at once, one in each 64-bit lane of a vector, on processors with AVX-512 IFMA: its instruction
 * multiplies eight pairs of 52-bit numbers and adds the lower or the upper half of each product.
 *
 * It only ever says yes. Additions here are incomplete: adding a point to itself or to its opposite makes Z zero, and
 * zero it stays. A lane that ends so, or whose x-coordinate is not r, is left to the check of verify.h.
 */
#ifndef SLUICE_LANES_H
#define SLUICE_LANES_H

#include "verify.h"

#define LANES 8
/* One alone is sooner checked alone: eight lanes take less than two checks of verify.h. */
#define FEWEST_LANES 2

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <immintrin.h>
#define HAS_LANES 1

#define VECTOR static __attribute__((target("avx512f,avx512dq,avx512ifma")))
#define VECTOR_INLINE static inline __attribute__((always_inline, target("avx512f,avx512dq,avx512ifma")))

/*
 * Field elements in limbs of 52 bits, the lowest first. "Tight" is what multiplications take and functions return unless
 * they say otherwise: four limbs below 2^52 and the fifth below 2^49, less than twice the prime p in all, so that only 0
 * and p are zero.
 */
typedef struct {
    __m512i limb[5];
} field;

typedef struct {
    field x, y, z;
} jacobian;

typedef struct {
    field x, y;
} affine;

/* p = 2^256 - FOLD */
#define FOLD 0x1000003d1
#define MASK52 0xfffffffffffff
#define MASK48 0xffffffffffff

static const uint64_t prime[5] = {0xffffefffffc2f, MASK52, MASK52, MASK52, MASK48};

VECTOR_INLINE __m512i all(uint64_t value) {
    return _mm512_set1_epi64((long long)value);
}

/* Limbs below 2^63 become tight. */
VECTOR_INLINE void tighten(field *a) {
    const __m512i mask = all(MASK52);
    __m512i *n = a->limb;
    n[0] = _mm512_madd52lo_epu64(n[0], _mm512_srli_epi64(n[4], 48), all(FOLD));
    n[4] = _mm512_and_si512(n[4], all(MASK48));
    for (int i = 0; i < 4; i++) {
        n[i + 1] = _mm512_add_epi64(n[i + 1], _mm512_srli_epi64(n[i], 52));
        n[i] = _mm512_and_si512(n[i], mask);
    }
}

/* The ten limbs of a product, each below 2^57, modulo p. */
VECTOR_INLINE void reduce(field *result, __m512i t[10]) {
    /* 2^260 modulo p */
    const __m512i fold = all((uint64_t)FOLD << 4), mask = all(MASK52);
    for (int i = 5; i < 9; i++) {
        t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], 52));
        t[i] = _mm512_and_si512(t[i], mask);
    }
    __m512i beyond = _mm512_madd52hi_epu64(_mm512_setzero_si512(), t[9], fold);
    for (int i = 0; i < 5; i++) {
        t[i] = _mm512_madd52lo_epu64(t[i], t[i + 5], fold);
        if (i < 4) t[i + 1] = _mm512_madd52hi_epu64(t[i + 1], t[i + 5], fold);
    }
    t[0] = _mm512_madd52lo_epu64(t[0], beyond, fold);
    t[1] = _mm512_madd52hi_epu64(t[1], beyond, fold);
    for (int i = 0; i < 5; i++) result->limb[i] = t[i];
    tighten(result);
}

VECTOR void times(field *result, const field *a, const field *b) {
    __m512i t[10];
    for (int i = 0; i < 10; i++) t[i] = _mm512_setzero_si512();
#pragma GCC unroll 5
    for (int i = 0; i < 5; i++)
#pragma GCC unroll 5
        for (int j = 0; j < 5; j++) {
            t[i + j] = _mm512_madd52lo_epu64(t[i + j], a->limb[i], b->limb[j]);
            t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a->limb[i], b->limb[j]);
        }
    reduce(result, t);
}

VECTOR void square(field *result, const field *a) {
    __m512i t[10];
    for (int i = 0; i < 10; i++) t[i] = _mm512_setzero_si512();
#pragma GCC unroll 5
    for (int i = 0; i < 5; i++)
#pragma GCC unroll 5
        for (int j = i + 1; j < 5; j++) {
            t[i + j] = _mm512_madd52lo_epu64(t[i + j], a->limb[i], a->limb[j]);
            t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a->limb[i], a->limb[j]);
        }
    for (int i = 0; i < 10; i++) t[i] = _mm512_add_epi64(t[i], t[i]);
#pragma GCC unroll 5
    for (int i = 0; i < 5; i++) {
        t[2 * i] = _mm512_madd52lo_epu64(t[2 * i], a->limb[i], a->limb[i]);
        t[2 * i + 1] = _mm512_madd52hi_epu64(t[2 * i + 1], a->limb[i], a->limb[i]);
    }
    reduce(result, t);
}

/* a - b - c 2^shift, not tight: `primes` times p is added, which must be more than what is taken away. */
VECTOR_INLINE void minus(field *result, const field *a, const field *b, const field *c, int shift, uint64_t primes) {
    for (int i = 0; i < 5; i++) {
        __m512i limb = _mm512_add_epi64(a->limb[i], all(primes * prime[i]));
        if (b != NULL) limb = _mm512_sub_epi64(limb, b->limb[i]);
        if (c != NULL) limb = _mm512_sub_epi64(limb, _mm512_slli_epi64(c->limb[i], shift));
        result->limb[i] = limb;
    }
}

VECTOR void twice(jacobian *sum) {
    field a, b, c, t, e, d;
    square(&a, &sum->x);
    square(&b, &sum->y);
    square(&c, &b);
    times(&t, &sum->x, &b);
    times(&sum->z, &sum->z, &sum->y);
    for (int i = 0; i < 5; i++) {
        sum->z.limb[i] = _mm512_slli_epi64(sum->z.limb[i], 1);
        e.limb[i] = _mm512_add_epi64(a.limb[i], _mm512_slli_epi64(a.limb[i], 1));
        d.limb[i] = _mm512_slli_epi64(t.limb[i], 2);
    }
    tighten(&sum->z);
    tighten(&e);
    square(&sum->x, &e);
    minus(&sum->x, &sum->x, NULL, &t, 3, 16);
    tighten(&sum->x);
    minus(&d, &d, &sum->x, NULL, 0, 4);
    tighten(&d);
    times(&sum->y, &e, &d);
    minus(&sum->y, &sum->y, NULL, &c, 3, 16);
    tighten(&sum->y);
}

/* Adds a point, its opposite in the lanes `negative`, nothing in the lanes `none`. */
VECTOR void plus(jacobian *sum, const affine *point, __mmask8 negative, __mmask8 none) {
    const field *x = &sum->x, *y = &sum->y, *z = &sum->z;
    const field zero = {{_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(),
                         _mm512_setzero_si512(), _mm512_setzero_si512()}};
    jacobian next;
    field zz, u, s, h, r, hh, hhh, t, opposite;
    square(&zz, z);
    times(&u, &point->x, &zz);
    times(&s, &zz, z);
    times(&s, &s, &point->y);
    minus(&opposite, &zero, &s, NULL, 0, 4);
    for (int i = 0; i < 5; i++) s.limb[i] = _mm512_mask_mov_epi64(s.limb[i], negative, opposite.limb[i]);
    minus(&h, &u, x, NULL, 0, 4);
    tighten(&h);
    minus(&r, &s, y, NULL, 0, 4);
    tighten(&r);
    square(&hh, &h);
    times(&hhh, &hh, &h);
    times(&t, x, &hh);
    square(&next.x, &r);
    minus(&next.x, &next.x, &hhh, &t, 1, 8);
    tighten(&next.x);
    minus(&t, &t, &next.x, NULL, 0, 4);
    tighten(&t);
    times(&t, &t, &r);
    times(&next.y, y, &hhh);
    minus(&next.y, &t, &next.y, NULL, 0, 4);
    tighten(&next.y);
    times(&next.z, z, &h);
    for (int i = 0; i < 5; i++) {
        sum->x.limb[i] = _mm512_mask_mov_epi64(next.x.limb[i], none, sum->x.limb[i]);
        sum->y.limb[i] = _mm512_mask_mov_epi64(next.y.limb[i], none, sum->y.limb[i]);
        sum->z.limb[i] = _mm512_mask_mov_epi64(next.z.limb[i], none, sum->z.limb[i]);
    }
}

/* Four words of 64 bits each, in lanes, as limbs. */
VECTOR_INLINE void limbs_of(field *result, const __m512i word[4]) {
    const __m512i mask = all(MASK52);
    result->limb[0] = _mm512_and_si512(word[0], mask);
    for (int i = 1; i < 4; i++)
        result->limb[i] = _mm512_and_si512(
            mask, _mm512_or_si512(_mm512_srli_epi64(word[i - 1], 64 - 12 * i), _mm512_slli_epi64(word[i], 12 * i)));
    result->limb[4] = _mm512_srli_epi64(word[3], 16);
}

/* One table entry a lane. Their words lie lane after lane and come out word after word. */
VECTOR_INLINE void load_points(affine *point, const secp256k1_ge_storage *const entry[LANES]) {
    __m512i row[8], pair[8], quad[8], word[8];
    for (int i = 0; i < 8; i++) row[i] = _mm512_loadu_si512(entry[i]);
    for (int i = 0; i < 4; i++) {
        pair[2 * i] = _mm512_unpacklo_epi64(row[2 * i], row[2 * i + 1]);
        pair[2 * i + 1] = _mm512_unpackhi_epi64(row[2 * i], row[2 * i + 1]);
    }
    /* pair[2 i + odd] has words odd, 2 + odd, 4 + odd, 6 + odd of lanes 2 i and 2 i + 1 */
    for (int odd = 0; odd < 2; odd++) {
        quad[odd] = _mm512_shuffle_i64x2(pair[odd], pair[2 + odd], 0x88);
        quad[2 + odd] = _mm512_shuffle_i64x2(pair[odd], pair[2 + odd], 0xdd);
        quad[4 + odd] = _mm512_shuffle_i64x2(pair[4 + odd], pair[6 + odd], 0x88);
        quad[6 + odd] = _mm512_shuffle_i64x2(pair[4 + odd], pair[6 + odd], 0xdd);
        word[odd] = _mm512_shuffle_i64x2(quad[odd], quad[4 + odd], 0x88);
        word[4 + odd] = _mm512_shuffle_i64x2(quad[odd], quad[4 + odd], 0xdd);
        word[2 + odd] = _mm512_shuffle_i64x2(quad[2 + odd], quad[6 + odd], 0x88);
        word[6 + odd] = _mm512_shuffle_i64x2(quad[2 + odd], quad[6 + odd], 0xdd);
    }
    limbs_of(&point->x, word);
    limbs_of(&point->y, word + 4);
}

/* The lanes in which a tight element is zero: 0 or p. */
VECTOR_INLINE __mmask8 lanes_of_zero(const field *a) {
    __mmask8 none = 0xff, whole = 0xff;
    for (int i = 0; i < 5; i++) {
        none &= _mm512_cmpeq_epi64_mask(a->limb[i], _mm512_setzero_si512());
        whole &= _mm512_cmpeq_epi64_mask(a->limb[i], all(prime[i]));
    }
    return none | whole;
}

/* What one lane adds up: for each half of a scalar its digits and its sign. */
typedef struct {
    unsigned key[SPACING][2], generator[WINDOWS][2];
    int key_sign[2], generator_sign[2];
} digits;

static void digits_of(digits *d, const secp256k1_scalar *u1, const secp256k1_scalar *u2, const key_table *key) {
    half g[2], q[2];
    split(g, u1);
    split(q, u2);
    comb_columns(d->key, q, key);
    for (int h = 0; h < 2; h++) {
        d->key_sign[h] = q[h].is_negative;
        d->generator_sign[h] = g[h].is_negative;
        for (unsigned window = 0; window < WINDOWS; window++)
            d->generator[window][h] = bits_of(&g[h], window * WINDOW);
    }
}

/*
 * Sums begin with this point, as nothing cannot be added to, and end with `end` added, which takes away what doubling
 * made of it.
 */
static secp256k1_ge_storage sum_start, sum_end;

/* lambda (x, y) = (beta x, y) */
static secp256k1_fe_storage beta_words;

static void prepare_lanes(void) {
    secp256k1_gej doubled;
    secp256k1_ge point = secp256k1_ge_const_g;
    secp256k1_fe_set_int(&point.x, 1);
    secp256k1_ge_mul_lambda(&point, &point);
    secp256k1_fe_normalize_var(&point.x);
    secp256k1_fe_to_storage(&beta_words, &point.x);
    secp256k1_ge_to_storage(&sum_start, &secp256k1_ge_const_g);
    secp256k1_gej_set_ge(&doubled, &secp256k1_ge_const_g);
    for (unsigned column = 0; column < SPACING; column++) secp256k1_gej_double_var(&doubled, &doubled, NULL);
    secp256k1_ge_set_gej_var(&point, &doubled);
    secp256k1_ge_neg(&point, &point);
    secp256k1_ge_to_storage(&sum_end, &point);
}

VECTOR_INLINE void load_same(affine *point, const secp256k1_ge_storage *entry) {
    const secp256k1_ge_storage *entries[LANES];
    for (int lane = 0; lane < LANES; lane++) entries[lane] = entry;
    load_points(point, entries);
}

/* Every lane's u1 G + u2 Q. */
VECTOR void multiply_lanes(jacobian *sum, const digits d[LANES], const key_table *const key[LANES]) {
    const secp256k1_ge_storage *entry[LANES];
    const uint64_t one[4] = {1, 0, 0, 0};
    __mmask8 key_sign[2] = {0, 0}, generator_sign[2] = {0, 0};
    __m512i word[4];
    affine point;
    field beta;
    for (int i = 0; i < 4; i++) word[i] = all(beta_words.n[i]);
    limbs_of(&beta, word);
    for (int lane = 0; lane < LANES; lane++)
        for (int h = 0; h < 2; h++) {
            key_sign[h] |= (__mmask8)(d[lane].key_sign[h] << lane);
            generator_sign[h] |= (__mmask8)(d[lane].generator_sign[h] << lane);
        }
    load_same(&point, &sum_start);
    sum->x = point.x;
    sum->y = point.y;
    for (int i = 0; i < 4; i++) word[i] = all(one[i]);
    limbs_of(&sum->z, word);
    for (unsigned step = 0; step < SPACING + WINDOWS; step++) {
        const int is_key = step < SPACING;
        const unsigned column = SPACING - 1 - step, window = step - SPACING;
        if (is_key) twice(sum);
        for (int h = 0; h < 2; h++) {
            __mmask8 none = 0;
            for (int lane = 0; lane < LANES; lane++) {
                const unsigned index = is_key ? d[lane].key[column][h] : d[lane].generator[window][h];
                const secp256k1_ge_storage *entries = is_key ? key[lane]->entry : generator_table[window];
                none |= (__mmask8)((index == 0) << lane);
                entry[lane] = &entries[index == 0 ? 0 : index - 1];
            }
            load_points(&point, entry);
            if (h == 1) times(&point.x, &point.x, &beta);
            plus(sum, &point, is_key ? key_sign[h] : generator_sign[h], none);
        }
    }
    load_same(&point, &sum_end);
    plus(sum, &point, 0, 0);
}

/* The lanes whose point has r for its x-coordinate: x = r where X = r Z^2. */
VECTOR unsigned have_x(const jacobian *sum, const secp256k1_scalar r[LANES]) {
    __m512i word[4];
    field x;
    for (int i = 0; i < 4; i++) {
        uint64_t lane_words[LANES];
        for (int lane = 0; lane < LANES; lane++) lane_words[lane] = r[lane].d[i];
        word[i] = _mm512_loadu_si512(lane_words);
    }
    field zz;
    limbs_of(&x, word);
    square(&zz, &sum->z);
    times(&x, &x, &zz);
    minus(&x, &x, &sum->x, NULL, 0, 4);
    tighten(&x);
    return lanes_of_zero(&x) & ~lanes_of_zero(&sum->z) & 0xff;
}

/*
 * Which of `count`, at most LANES, signatures are good for sure, a bit each. Digests of 32 bytes and signatures of 64 lie
 * one after another.
 */
static unsigned verify_lanes(const key_table *const key[], const unsigned char *digest, const unsigned char *rs, size_t count) {
    const key_table *keys[LANES];
    secp256k1_scalar r[LANES], s[LANES], product[LANES], inverse;
    digits d[LANES];
    jacobian sum;
    unsigned possible = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
        /* What is left over repeats the first. */
        const size_t from = lane < count ? lane : 0;
        keys[lane] = key[from];
        if (signature_scalars(&r[lane], &s[lane], rs + 64 * from)) possible |= 1u << lane;
        else secp256k1_scalar_set_int(&s[lane], 1);
        product[lane] = s[lane];
        if (lane > 0) secp256k1_scalar_mul(&product[lane], &product[lane - 1], &s[lane]);
    }
    /* One inversion for all: the inverse of the product of all, from which they are taken away one by one. */
    invert_scalar(&inverse, &product[LANES - 1]);
    for (size_t lane = LANES; lane-- > 0;) {
        secp256k1_scalar message, own = inverse, u1, u2;
        if (lane > 0) secp256k1_scalar_mul(&own, &inverse, &product[lane - 1]);
        secp256k1_scalar_mul(&inverse, &inverse, &s[lane]);
        secp256k1_scalar_set_b32(&message, digest + 32 * (lane < count ? lane : 0), NULL);
        secp256k1_scalar_mul(&u1, &own, &message);
        secp256k1_scalar_mul(&u2, &own, &r[lane]);
        digits_of(&d[lane], &u1, &u2, keys[lane]);
    }
    multiply_lanes(&sum, d, keys);
    return have_x(&sum, r) & possible & ((1u << count) - 1);
}

static int can_use_lanes(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512ifma");
}

#else
#define HAS_LANES 0
#endif
#endif
