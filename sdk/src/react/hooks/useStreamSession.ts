'use client'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { createStreamSession, type StreamSession, type StreamSessionState } from '../stream/streamSession.js'
import { useSluice } from './useSluice.js'

/**
 * A stream that is paid from the connected wallet. Leaves it when the component goes away or the wallet changes; the
 * channel stays for later.
 *
 * @param parameters those of `createSluice` but the wallet
 * @returns the state of the stream, and what can be done; no action rejects, what went wrong is `problem`
 *
 * @example
 * ```ts
 * import { useStreamSession } from '@sluice/sdk/react'
 *
 * function useWatching() {
 *   const { status, meter, stream, open, stop } = useStreamSession()
 *   const left = meter && stream?.format(meter.left)
 *   return { status, left, watch: () => open({ payee: 'https://live.example/alice', budget: '5.00' }), stop }
 * }
 * ```
 */
export function useStreamSession(parameters: useSluice.Parameters = {}): useStreamSession.ReturnType {
  const sluice = useSluice(parameters)
  const session = useMemo(() => createStreamSession(sluice), [sluice])
  useEffect(() => session.leave, [session])
  const state = useSyncExternalStore(session.subscribe, session.state, session.state)
  return { ...session, ...state }
}

export declare namespace useStreamSession {
  type Parameters = useSluice.Parameters
  type ReturnType = Omit<StreamSession, 'state' | 'subscribe'> & StreamSessionState
}
