/** All of a prize pool, in basis points. */
export const basisPoints = 10_000

/** Fields up to this size are reported as a ranking, from which the contract works the prizes out. */
export const rankedField = 64

/** The most that a host may take of the stakes, basis points. */
export const maximumRake = 5_000

/** Longest time until the join deadline, seconds. */
export const longestSignUp = 365 * 24 * 60 * 60

/** Longest time from the join to the result deadline, seconds. */
export const longestPlay = 90 * 24 * 60 * 60

/** Shortest challenge and ruling window, seconds. */
export const shortestWindow = 15 * 60

/** Longest challenge and ruling window, seconds. */
export const longestWindow = 30 * 24 * 60 * 60

/** How long prizes wait that nobody proves, seconds. */
export const payoutPeriod = 180 * 24 * 60 * 60

/** Largest amount that a tournament can hold, base units: 2^96 - 1. */
export const maximumPot = 2n ** 96n - 1n
