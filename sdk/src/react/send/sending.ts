import type { ChainClient } from '../../chain/context.js'
import type { Submitted } from '../../chain/transactionUnknown.js'
import type { SluiceError } from '../../errors.js'
import type { NumberedStep } from '../../payment/prepare.js'
import type { PaymentPlan } from '../../payment/productPayment.js'
import { noWallet, problemOf } from '../problemOf.js'

/**
 * - `idle`: nothing was asked for yet
 * - `asking`: the wallet is asked; `step` says what for, as 1 of 2
 * - `sending`: it is on its way to the chain; `submitted` says under which hash
 * - `done`: `result` says what it brought
 * - `failed`: `problem` says why
 */
export type SendStatus = 'idle' | 'asking' | 'sending' | 'done' | 'failed'

/** How often a wallet will be asked. */
export type Planned = Pick<PaymentPlan, 'prompts' | 'steps'>

/** Everything that a page shows of something that is sent. */
export type SendState<result> = {
  readonly status: SendStatus
  /** What it will ask of the person, once `plan` was called. */
  readonly planned: Planned | undefined
  /** The wallet prompt that is open, where there may be several. */
  readonly step: NumberedStep | undefined
  readonly submitted: Submitted | undefined
  readonly result: result | undefined
  /** What the person should read; its `action` says what can be done. */
  readonly problem: SluiceError | undefined
}

/** Something that can be sent. Nothing here rejects: what went wrong is `problem`. */
export type Sending<parameters, result> = {
  readonly state: () => SendState<result>
  readonly subscribe: (listener: () => void) => () => void
  /** Says before the first prompt how often the wallet will ask. Of one call without a payment it is once. */
  readonly plan: (parameters: parameters) => Promise<void>
  /** Sends it and waits until it is on the chain; undefined when it failed. While it runs, asking again sends nothing. */
  readonly send: (parameters: parameters) => Promise<result | undefined>
  /** Forgets how it ended. */
  readonly reset: () => void
}

/** An action of the SDK, such as `join`, and the one that plans it, such as `planJoin`. */
export type SendAction<parameters, result> = {
  readonly action: (client: ChainClient, parameters: parameters) => Promise<result>
  readonly plan?: ((client: ChainClient, parameters: parameters) => Promise<Planned>) | undefined
}

const nothing = {
  status: 'idle',
  planned: undefined,
  step: undefined,
  submitted: undefined,
  result: undefined,
  problem: undefined,
} as const

/** A call without a payment. */
const oneTransaction: Planned = { prompts: 1, steps: [] }

/**
 * Something to be sent whose state can be watched: what the hooks that send show, without React.
 *
 * @param client of the wallet; undefined as long as none is connected
 * @param of the action, and what plans it
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { leave } from '@sluice/sdk/tournament'
 * import { createSending } from '@sluice/sdk/react'
 *
 * const leaving = (wallet: WalletClient) => createSending(wallet, { action: leave })
 * ```
 */
export function createSending<parameters extends object, result>(
  client: ChainClient | undefined,
  of: SendAction<parameters, result>,
): Sending<parameters, result> {
  const listeners = new Set<() => void>()
  let state: SendState<result> = nothing
  let running: Promise<result | undefined> | undefined

  function patch(parts: Partial<SendState<result>>): void {
    state = { ...state, ...parts }
    for (const listener of [...listeners]) listener()
  }

  async function send(parameters: parameters): Promise<result | undefined> {
    patch({ ...nothing, planned: state.planned, status: 'asking' })
    try {
      if (client === undefined) throw noWallet()
      const result = await of.action(client, { ...parameters, ...watched(parameters) })
      patch({ status: 'done', step: undefined, result })
      return result
    } catch (error) {
      patch({ status: 'failed', step: undefined, problem: problemOf(error) })
      return undefined
    }
  }

  /** The page's own listeners are told, too. */
  function watched({ onStep, onSubmitted }: Listening): Listening {
    return {
      onStep: (step) => {
        patch({ step, status: 'asking' })
        onStep?.(step)
      },
      onSubmitted: async (submitted) => {
        patch({ submitted, step: undefined, status: 'sending' })
        await onSubmitted?.(submitted)
      },
    }
  }

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    plan: async (parameters) => {
      patch({ planned: undefined, problem: undefined })
      try {
        if (client === undefined) throw noWallet()
        patch({ planned: (await of.plan?.(client, parameters)) ?? oneTransaction })
      } catch (error) {
        patch({ problem: problemOf(error) })
      }
    },
    send: (parameters) => {
      running ??= send(parameters).finally(() => {
        running = undefined
      })
      return running
    },
    reset: () => {
      if (running === undefined) patch(nothing)
    },
  }
}

type Listening = {
  readonly onStep?: ((step: NumberedStep) => void) | undefined
  readonly onSubmitted?: ((submitted: Submitted) => void | Promise<void>) | undefined
}
