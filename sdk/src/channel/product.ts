import type { Product } from '../chain/product.js'
import { genuineContract } from '../contract.js'

/** `StreamChannels`, for whatever asks it or sends to it. */
export const streamChannels: Product = {
  name: 'StreamChannels',
  subject: 'This stream',
  things: 'stream channels',
  addressOn: genuineContract,
  readRevert: async (data, cause) => (await import('./revertErrors.js')).revertToSluiceError(data, cause),
}
