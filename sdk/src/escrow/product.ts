import { escrowAddress, escrowAddresses } from '../addresses.js'
import type { Product } from '../chain/product.js'

/** `Escrow`, for whatever asks it or sends to it. */
export const escrow: Product = {
  name: 'Escrow',
  subject: 'This order',
  things: 'escrow orders',
  addressOn: (chainId) => escrowAddresses[chainId]?.address ?? escrowAddress,
  readRevert: async (data, cause) => (await import('./revertErrors.js')).revertToSluiceError(data, cause),
}
