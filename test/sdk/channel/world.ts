import type { Address, Hex } from 'viem'
import type { Channel } from '../../../sdk/dist/types.js'
import { createChannel } from '../../../sdk/dist/channel/createChannel.js'
import { SluiceError } from '../../../sdk/dist/errors.js'
import { createChainWorld, failure, type Person } from '../chainWorld.js'

export { failure, permit2Address, tokenAbi, type Person } from '../chainWorld.js'

const day = 24 * 60 * 60

/** One chain in this process with the contract; every test opens channels of its own on it. */
export async function createWorld() {
  const world = await createChainWorld('StreamChannels')
  const payee = await world.person()
  const terms = (payer: Address, token: Address, change: Partial<Channel> = {}): Channel => ({
    ...createChannel({ payer, payee: payee.address, token, signer: payer, grace: day }),
    ...change,
  })
  return { ...world, payee, terms }
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** Signs a channel's voucher with a payer's own key. */
export async function signVoucher(
  by: Person,
  world: World,
  channelId: Hex,
  cumulativeAmount: bigint,
): Promise<Hex> {
  return await by.account.signTypedData({
    domain: {
      name: 'Sluice Stream Channels',
      version: '1',
      chainId: world.chain.id,
      verifyingContract: world.contract,
    },
    types: {
      Voucher: [
        { name: 'channelId', type: 'bytes32' },
        { name: 'cumulativeAmount', type: 'uint96' },
      ],
    },
    primaryType: 'Voucher',
    message: { channelId, cumulativeAmount },
  })
}

/** The error that the promise rejects with, which must be the SDK's own. */
export async function sluiceFailure(promise: Promise<unknown>): Promise<SluiceError> {
  const error = await failure(promise)
  if (error instanceof SluiceError) return error
  throw new Error(`expected a SluiceError, got ${String(error)}`)
}
