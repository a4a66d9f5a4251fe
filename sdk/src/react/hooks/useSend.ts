'use client'
import { useMemo, useSyncExternalStore } from 'react'
import { useWalletClient } from 'wagmi'
import type { ChainClient } from '../../chain/context.js'
import {
  createSending,
  type Planned,
  type SendAction,
  type Sending,
  type SendState,
} from '../send/sending.js'

/**
 * Sends by any action of the SDK from the wallet that is connected. There is a hook of its own for each action that
 * pages use, such as `useJoinTournament`.
 *
 * @param action such as `join`; the same function at every drawing
 * @param plan such as `planJoin`, for actions that take a payment
 * @returns the state, and what can be done; nothing rejects, what went wrong is `problem`
 *
 * @example
 * ```ts
 * import { useSend } from '@sluice/sdk/react'
 * import { withdrawOwed } from '@sluice/sdk/escrow'
 *
 * function useTakeOut(token: `0x${string}`) {
 *   const { status, send } = useSend(withdrawOwed)
 *   return { isBusy: status === 'asking' || status === 'sending', takeOut: () => send({ token }) }
 * }
 * ```
 */
export function useSend<parameters extends object, result>(
  action: SendAction<parameters, result>['action'],
  plan?: (client: ChainClient, parameters: parameters) => Promise<Planned>,
): useSend.ReturnType<parameters, result> {
  const { data: wallet } = useWalletClient()
  const sending = useMemo(() => createSending(wallet, { action, plan }), [wallet, action, plan])
  const state = useSyncExternalStore(sending.subscribe, sending.state, sending.state)
  return { ...sending, ...state }
}

export declare namespace useSend {
  type ReturnType<parameters, result> = Omit<Sending<parameters, result>, 'state' | 'subscribe'> &
    SendState<result>
}

/** What a hook that sends returns, by the action that it sends with. */
export type Send<action> = action extends (
  client: ChainClient,
  parameters: infer parameters,
) => Promise<infer result>
  ? useSend.ReturnType<parameters, result>
  : never
