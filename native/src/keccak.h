/*
 * keccak-256 as Ethereum uses it: Keccak[512] (the Keccak reference, 3.0) with the padding from before SHA-3, 0x01.
 * For little-endian processors, which are the only ones this is built for.
 */
#ifndef SLUICE_KECCAK_H
#define SLUICE_KECCAK_H

#include <stdint.h>
#include <string.h>

/* Bytes taken in between two permutations. */
#define KECCAK_RATE 136

static inline uint64_t rotate_left(uint64_t word, int count) {
    return word << count | word >> (64 - count);
}

/* Keccak-f[1600]. The word of column x and row y is s[x + 5 y]. */
static void keccak_permute(uint64_t s[25]) {
    static const uint64_t constants[24] = {
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    };
    /* Rho and pi in one walk over all words but the first: where each goes, and how far it turns. */
    static const unsigned char place[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
    static const unsigned char turn[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
    for (int round = 0; round < 24; round++) {
        uint64_t column[5], moved, row[5];
        for (int x = 0; x < 5; x++) column[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
        for (int x = 0; x < 5; x++) {
            const uint64_t parity = column[(x + 4) % 5] ^ rotate_left(column[(x + 1) % 5], 1);
            for (int y = 0; y < 25; y += 5) s[x + y] ^= parity;
        }
        moved = s[1];
#pragma GCC unroll 24
        for (int step = 0; step < 24; step++) {
            const uint64_t next = s[place[step]];
            s[place[step]] = rotate_left(moved, turn[step]);
            moved = next;
        }
        for (int y = 0; y < 25; y += 5) {
            for (int x = 0; x < 5; x++) row[x] = s[x + y];
            for (int x = 0; x < 5; x++) s[x + y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
        s[0] ^= constants[round];
    }
}

static void keccak_absorb(uint64_t s[25], const unsigned char block[KECCAK_RATE]) {
    uint64_t words[KECCAK_RATE / 8];
    memcpy(words, block, KECCAK_RATE);
    for (int i = 0; i < KECCAK_RATE / 8; i++) s[i] ^= words[i];
    keccak_permute(s);
}

static void keccak256(unsigned char hash[32], const unsigned char *data, size_t length) {
    uint64_t s[25] = {0};
    unsigned char last[KECCAK_RATE] = {0};
    for (; length >= KECCAK_RATE; data += KECCAK_RATE, length -= KECCAK_RATE) keccak_absorb(s, data);
    if (length > 0) memcpy(last, data, length);
    last[length] = 0x01;
    last[KECCAK_RATE - 1] |= 0x80;
    keccak_absorb(s, last);
    memcpy(hash, s, 32);
}

#endif
