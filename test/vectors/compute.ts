import { network } from 'hardhat'
import type { Vector } from './vectors.js'

/** What a vector is computed from. */
export type VectorInput = Pick<
  Vector,
  'name' | 'chainId' | 'contract' | 'channel' | 'cumulativeAmount' | 'capturedAmount' | 'authorizationSalt'
>

/** Asks the contract itself, put at each input's address on a chain with each input's id. */
export async function computeVectors(inputs: readonly VectorInput[]): Promise<Vector[]> {
  const vectors: Vector[] = []
  for (const chainId of new Set(inputs.map((input) => input.chainId))) {
    const connection = await network.create({ override: { chainId } })
    const { ethers } = connection
    const code = await ethers.provider.getCode(await ethers.deployContract('StreamChannelsHarness'))
    for (const input of inputs.filter((each) => each.chainId === chainId)) {
      await ethers.provider.send('hardhat_setCode', [input.contract, code])
      const harness = await ethers.getContractAt('StreamChannelsHarness', input.contract)
      const channelId = await harness.channelId(input.channel)
      vectors.push({
        name: input.name,
        chainId,
        contract: input.contract,
        domainSeparator: await harness.domainSeparator(),
        channel: input.channel,
        channelId,
        cumulativeAmount: input.cumulativeAmount,
        voucherDigest: await harness.voucherDigest(channelId, input.cumulativeAmount),
        capturedAmount: input.capturedAmount,
        closeDigest: await harness.closeDigest(channelId, input.capturedAmount),
        authorizationSalt: input.authorizationSalt,
        authorizationNonce: await harness.authorizationNonce(channelId, input.authorizationSalt),
        permit2Witness: await harness.permit2Witness(channelId),
      })
    }
    await connection.close()
  }
  const order = new Map(inputs.map((input, index) => [input.name, index]))
  return vectors.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0))
}
