import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'
import type { Artifact } from '../../server/dist/deploy/artifact.js'
import { type Call, creationAddress } from '../../server/dist/deploy/target.js'

/**
 * One contract through the deterministic deployment proxy: one address on every chain, whoever sends it, and the same
 * one that `sluice deploy` uses. `npm run deploy` checks and asks before it runs this.
 *
 * @param artifact of the contract; each has a journal of its own
 * @param call that creates it
 */
export function contractModule(artifact: Artifact, call: Call) {
  return buildModule(artifact.contract, (m) => {
    const creation = m.send('create', call.to, 0n, call.data)
    const contract = m.contractAt(artifact.contract, creationAddress(artifact), { after: [creation] })
    return { contract }
  })
}
