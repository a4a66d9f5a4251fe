import { network } from 'hardhat'
import { createClient, custom, parseEther, type Client, type LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import {
  streamChannelsDomain,
  voucherTypes,
  zeroAddress,
  type Address,
  type Channel,
  type ChannelState,
  type Deployment,
  type Hex,
} from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { createChainView } from '../../../server/dist/chain/reader.js'
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from '../../../server/dist/store/memory.js'
import type { ServerStore } from '../../../server/dist/store/ports.js'
import type { SettlerEvent } from '../../../server/dist/settlement/events.js'
import type { SettlementPolicy } from '../../../server/dist/settlement/policy.js'
import {
  createSettler,
  type Settler,
  type SettlerParameters,
} from '../../../server/dist/settlement/settler.js'
import { createManualClock, type ManualClock } from '../store/clocks.js'

export type Request = { readonly method: string; readonly params?: unknown }

/** A real chain in this process with the contract, a token and the usual parties. */
export type World = Awaited<ReturnType<typeof createWorld>>

/** Base units every channel is opened with unless said otherwise. */
export const deposit = 1_000_000n
export const grace = 3_600

/** Starts a chain, deploys, and funds the parties. Close it with `end`. */
export async function createWorld() {
  const connection = await network.create()
  const { ethers, provider } = connection
  const [payer, stranger] = await ethers.getSigners()
  if (payer === undefined || stranger === undefined) throw new Error('the network has no accounts')
  const channels = await ethers.deployContract('StreamChannels')
  const token = await ethers.deployContract('PlainToken')
  const contract = (await channels.getAddress()) as Address
  const tokenAddress = (await token.getAddress()) as Address
  await token.mint(payer.address, 10n ** 30n)
  await token.approve(contract, 2n ** 255n)

  const send = (method: string, params: unknown[] = []) => provider.request({ method, params })
  const operator = privateKeyToAccount(generatePrivateKey())
  const signer = privateKeyToAccount(generatePrivateKey())
  const payee = privateKeyToAccount(generatePrivateKey()).address.toLowerCase() as Address
  await send('hardhat_setBalance', [operator.address, `0x${parseEther('10').toString(16)}`])
  const deployment: Deployment = { chainId: 31_337, contract }
  let salt = 0n
  let coinbase = 1n

  function terms(changes: Partial<Channel> = {}): Channel {
    salt += 1n
    return {
      payer: payer?.address.toLowerCase() as Address,
      payee,
      operator: operator.address.toLowerCase() as Address,
      token: tokenAddress,
      signer: signer.address.toLowerCase() as Address,
      grace,
      rate: 0n,
      burst: 0n,
      salt: `0x${salt.toString(16).padStart(64, '0')}`,
      ...changes,
    }
  }

  async function open(changes: Partial<Channel> = {}, amount = deposit): Promise<PayeeRecord> {
    const channel = terms(changes)
    await channels.deposit(channel, amount, { value: channel.token === zeroAddress ? amount : 0n })
    const channelId = (await channels.channelId(channel)) as Hex
    const state = await stateOf(channelId)
    return {
      channelId,
      channel,
      ...state,
      accepted: 0n,
      signature: '0x',
      spent: 0n,
      units: 0n,
      tipped: 0n,
      consent: undefined,
    }
  }

  async function stateOf(channelId: Hex): Promise<ChannelState> {
    const state = await channels.channelState(channelId)
    return {
      deposited: state.deposited,
      claimed: state.claimed,
      openedAt: Number(state.openedAt),
      closeRequestedAt: Number(state.closeRequestedAt),
      closed: state.closed,
    }
  }

  async function signed(channelId: Hex, cumulativeAmount: bigint, by: LocalAccount = signer): Promise<Hex> {
    return await by.signTypedData({
      domain: streamChannelsDomain(deployment),
      types: voucherTypes,
      primaryType: 'Voucher',
      message: { channelId, cumulativeAmount },
    })
  }

  return {
    ethers,
    send,
    channels,
    token,
    tokenAddress,
    payer,
    stranger,
    operator,
    payee,
    deployment,
    open,
    stateOf,
    signed,
    /** The record after a voucher over `accepted` was taken and, unless said otherwise, all it pays for was delivered. */
    async paid(
      record: PayeeRecord,
      accepted: bigint,
      changes: Partial<PayeeRecord> = {},
    ): Promise<PayeeRecord> {
      return {
        ...record,
        accepted,
        signature: await signed(record.channelId, accepted),
        spent: accepted,
        ...changes,
      }
    },
    /** A viem client; `before` sees each request first and may answer it or throw. */
    client(before?: (request: Request) => Promise<unknown> | undefined): Client {
      const request = async (given: Request): Promise<unknown> => {
        const answered = await before?.(given)
        return answered === undefined
          ? await provider.request({ ...given, params: given.params as unknown[] })
          : answered
      }
      return createClient({ transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 })
    },
    mine: async (blocks = 1) => {
      for (let block = 0; block < blocks; block += 1) await send('evm_mine')
    },
    automine: (on: boolean) => send('evm_setAutomine', [on]),
    snapshot: () => send('evm_snapshot') as Promise<Hex>,
    /** Takes the chain back to a snapshot and grows another branch of so many blocks. */
    async reorganise(snapshot: Hex, blocks: number): Promise<void> {
      await send('evm_revert', [snapshot])
      // Another miner, so that no block of the new branch equals one of the old.
      coinbase += 1n
      await send('hardhat_setCoinbase', [`0x${coinbase.toString(16).padStart(40, '0')}`])
      for (let block = 0; block < blocks; block += 1) await send('evm_mine')
    },
    newest: async (): Promise<{ readonly number: number; readonly timestamp: number }> => {
      const block = await ethers.provider.getBlock('latest')
      if (block === null) throw new Error('the chain has no block')
      return block
    },
    paidOut: async (): Promise<bigint> => await token.balanceOf(payee),
    /** Transactions of the settler's account that are on the chain. */
    sent: async (): Promise<number> =>
      Number(await send('eth_getTransactionCount', [operator.address, 'latest'])),
    end: () => connection.close(),
  }
}

/** A settler on a world, with everything it touched. */
export type Rig = {
  readonly settler: Settler
  readonly store: ServerStore
  readonly clock: ManualClock
  readonly events: SettlerEvent[]
  readonly disk: MemoryDisk
  readonly types: () => readonly string[]
}

/** Makes a settler; pass the former one's `disk` to play a restart. */
export function rig(
  world: World,
  options: {
    readonly policy?: Partial<SettlementPolicy>
    readonly disk?: MemoryDisk
    readonly client?: Client
    readonly broadcaster?: Client
    readonly account?: LocalAccount
    readonly normalizeVoucher?: SettlerParameters['normalizeVoucher']
    readonly log?: SettlerParameters['log']
  } = {},
): Rig {
  const { policy = {}, disk = createMemoryDisk(), account = world.operator } = options
  const clock = createManualClock()
  const store = createMemoryStore({ clock, disk })
  const client = options.client ?? world.client()
  const settler = createSettler({
    store,
    outbox: store.outbox,
    chain: createChainView({ client, deployment: world.deployment }),
    deployment: world.deployment,
    account,
    publicClient: client,
    broadcaster: options.broadcaster ?? client,
    normalizeVoucher: options.normalizeVoucher ?? ((_, voucher) => voucher),
    clock,
    policy: { confirmations: 2, ...policy },
    ...(options.log === undefined ? {} : { log: options.log }),
  })
  const events: SettlerEvent[] = []
  settler.on((event) => events.push(event))
  return { settler, store, clock, events, disk, types: () => events.map(({ type }) => type) }
}
