/** Shortest grace period the contract accepts, seconds. */
export const minimumGrace = 15 * 60

/** Longest grace period the contract accepts, seconds. */
export const maximumGrace = 30 * 24 * 60 * 60

/** Largest amount a channel can hold, base units: 2^96 - 1. */
export const maximumAmount = 2n ** 96n - 1n
