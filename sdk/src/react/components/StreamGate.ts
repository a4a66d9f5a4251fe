'use client'
import type { ReactNode } from 'react'
import type { MediaReason } from '../../session/messages.js'
import type { StreamSessionState } from '../stream/streamSession.js'

/**
 * Shows `children` while the payee delivers, and else what `closed` draws.
 *
 * @param props the session (`useStreamSession`); `closed` is told why, undefined before anything was delivered
 */
export function StreamGate(props: {
  readonly session: Pick<StreamSessionState, 'status' | 'media'>
  readonly children: ReactNode
  readonly closed?: (reason: MediaReason | undefined) => ReactNode
}): ReactNode {
  const { status, media } = props.session
  if (status === 'open' && media?.open === true) return props.children
  return props.closed?.(media?.reason) ?? null
}
