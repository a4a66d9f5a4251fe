import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import { streamChannelsAddress } from '@sluice/sdk'
import { creationCall } from '../../server/dist/deploy/target.js'

/**
 * `StreamChannels` through the deterministic deployment proxy: one address on every chain, whoever sends it, and the
 * same one that `sluice deploy` uses. `npm run deploy` checks and asks before it runs this.
 */
export default buildModule('StreamChannels', (m) => {
  const call = creationCall()
  const creation = m.send('create', call.to, 0n, call.data)
  const streamChannels = m.contractAt('StreamChannels', streamChannelsAddress, { after: [creation] })
  return { streamChannels }
})
