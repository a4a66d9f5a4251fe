import type { Address } from '../../../sdk/dist/types.js'

/** The n-th made-up player; a higher number is a higher address. */
export function player(index: number): Address {
  return `0x${(index + 1).toString(16).padStart(40, '0')}`
}

/** So many players, in ascending order of address. */
export function players(count: number): readonly Address[] {
  return Array.from({ length: count }, (_, index) => player(index))
}
