import type { Address } from '../types.js'

/** The canonical Permit2, at the same address on every chain. */
export const permit2Address: Address = '0x000000000022D473030F116dDEE9F6B43aC78BA3'
