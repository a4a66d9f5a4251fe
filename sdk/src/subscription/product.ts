import { subscriptionsAddress, subscriptionsAddresses } from '../addresses.js'
import type { Product } from '../chain/product.js'

/** `Subscriptions`, for whatever asks it or sends to it. */
export const subscriptions: Product = {
  name: 'Subscriptions',
  subject: 'This subscription',
  things: 'subscriptions',
  addressOn: (chainId) => subscriptionsAddresses[chainId]?.address ?? subscriptionsAddress,
  readRevert: async (data, cause) => (await import('./revertErrors.js')).revertToSluiceError(data, cause),
}
