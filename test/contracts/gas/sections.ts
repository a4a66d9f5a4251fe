import { escrowGas } from './escrow.js'
import type { GasSection } from './section.js'
import { streamChannelsGas } from './streamChannels.js'
import { subscriptionsGas } from './subscriptions.js'
import { tournamentsGas } from './tournaments.js'

/** Every product whose gas is measured. */
export const sections: readonly GasSection[] = [
  streamChannelsGas,
  escrowGas,
  tournamentsGas,
  subscriptionsGas,
]
