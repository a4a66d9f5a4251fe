import { tournamentsAddress, tournamentsAddresses } from '../addresses.js'
import type { Product } from '../chain/product.js'

/** `Tournaments`, for whatever asks it or sends to it. */
export const tournaments: Product = {
  name: 'Tournaments',
  subject: 'This tournament',
  things: 'tournaments',
  addressOn: (chainId) => tournamentsAddresses[chainId]?.address ?? tournamentsAddress,
  readRevert: async (data, cause) => (await import('./revertErrors.js')).revertToSluiceError(data, cause),
}
