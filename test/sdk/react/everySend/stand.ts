import { createElement, type ReactNode } from 'react'
import { expect } from 'chai'
import {
  createWalletClient,
  decodeFunctionData,
  http,
  numberToHex,
  padHex,
  type Abi,
  type Address,
  type Hex,
  type LocalAccount,
} from 'viem'
import { useWalletClient } from 'wagmi'
import { escrowAddress, subscriptionsAddress, tournamentsAddress } from '@sluice/sdk'
import { escrowAbi, subscriptionsAbi, tournamentsAbi } from '@sluice/sdk/abi'
import type { useSend } from '@sluice/sdk/react'
import type { Screen } from '../dom.ts'
import { lines, type createReactWorld } from '../world.ts'

export type World = Awaited<ReturnType<typeof createReactWorld>>

/** A hook, and what sends with it and looks at what came of it. */
export type Row = { readonly hook: string; readonly sends: () => Promise<void> }

/** Where hooks are drawn, and what their tests need of the world. */
export type Stand = {
  readonly world: () => World
  /**
   * Draws a hook, sends once, and looks at the chain.
   *
   * @param call the function the transaction called, such as `escrow.capture`; undefined: nothing was sent, only signed
   * @returns what the hook did
   */
  readonly send: <parameters, result>(
    use: () => useSend.ReturnType<parameters, result>,
    parameters: parameters,
    call?: string,
  ) => Promise<result>
  /** Somebody else's wallet, which is not asked. */
  readonly wallet: (account: LocalAccount) => ReturnType<typeof walletOf>
  /** 32 bytes that nothing else has. */
  readonly salt: () => Hex
  /** Second of the last block. */
  readonly now: () => Promise<number>
  readonly pass: (seconds: number) => Promise<void>
}

const contracts: Readonly<Record<string, { readonly address: Address; readonly abi: Abi }>> = {
  escrow: { address: escrowAddress, abi: escrowAbi },
  subscriptions: { address: subscriptionsAddress, abi: subscriptionsAbi },
  tournaments: { address: tournamentsAddress, abi: tournamentsAbi },
}

function walletOf({ local }: World, account: LocalAccount) {
  return createWalletClient({ account, chain: local.chain, transport: http(local.url) })
}

/**
 * @param world of the tests, once it is there
 * @param screen where hooks are drawn, likewise
 */
export function createStand(world: () => World, screen: () => Screen): Stand {
  let salts = 0n

  /** Draws the hook, sends once, and looks at the chain. */
  const send: Stand['send'] = async (use, parameters, call) => {
    let drawn: ReturnType<typeof use> | undefined
    const Drawn = (): ReactNode => {
      drawn = use()
      const { status, problem } = drawn
      return lines({ ready: useWalletClient().data !== undefined, status, problem: problem?.details })
    }
    screen().show(world().page(createElement(Drawn)))
    const shows = (part: string) => screen().until((text) => text.includes(part), part)
    await shows('ready=true;status=idle;')
    world().wallet.prompts.length = 0
    const result = await drawn?.send(parameters)
    if (result === undefined) throw new Error(`nothing came of it: ${screen().text()}`)
    await shows('status=done;')
    expect(drawn?.result).to.equal(result)
    if (call === undefined) {
      expect(world().wallet.prompts).to.deep.equal(['eth_signTypedData_v4'])
      return result
    }
    expect(world().wallet.prompts.filter((prompt) => prompt === 'eth_sendTransaction')).to.have.length(1)
    const submitted = drawn?.submitted
    const hash = submitted?.kind === 'transaction' ? submitted.hash : undefined
    if (hash === undefined) throw new Error('it did not say what was submitted')
    const { to, input, from } = await world().local.client.getTransaction({ hash })
    expect(from).to.equal(world().viewer.toLowerCase())
    const [contract = '', name] = call.split('.')
    expect(to).to.equal(contracts[contract]?.address.toLowerCase())
    expect(decodeFunctionData({ abi: contracts[contract]?.abi ?? [], data: input }).functionName).to.equal(
      name,
    )
    const { status } = await world().local.client.getTransactionReceipt({ hash })
    expect(status).to.equal('success')
    return result
  }

  return {
    world,
    send,
    wallet: (account) => walletOf(world(), account),
    salt: () => padHex(numberToHex((salts += 1n))),
    now: async () => Number((await world().local.client.getBlock()).timestamp),
    pass: async (seconds) => {
      const request = world().local.client.request as (call: object) => Promise<unknown>
      await request({ method: 'evm_increaseTime', params: [seconds] })
      await request({ method: 'evm_mine', params: [] })
    },
  }
}
