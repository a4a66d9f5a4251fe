import type { SluiceError } from '@sluice/sdk'
import type { IncomeChart, Overlay, Settled, Snapshot, Span } from './api.ts'

/**
 * - `visitor`: no wallet is chosen.
 * - `connecting`: the wallet is asked whether it speaks with this page.
 * - `signing`: the wallet is asked to sign in.
 * - `inside`: signed in.
 */
export type StudioPhase = 'visitor' | 'connecting' | 'signing' | 'inside'

/** What is sent. */
export type Source = 'camera' | 'screen' | 'card'

/** Everything the studio shows. */
export type StudioState = {
  readonly phase: StudioPhase
  readonly wallet: { readonly name: string; readonly address: string } | undefined
  readonly snapshot: Snapshot | undefined
  /** Whether the snapshot is of now. */
  readonly connected: boolean
  readonly span: Span
  readonly income: IncomeChart | undefined
  readonly streamKey: string | undefined
  readonly overlays: readonly Overlay[]
  /** The address of an overlay that was just made; its secret is told this once. */
  readonly newOverlay: { readonly id: string; readonly address: string } | undefined
  /** Overlays that were there for the last test alert. */
  readonly tested: number | undefined
  readonly settled: Settled | undefined
  /** What this page sends; undefined: nothing. */
  readonly sending: { readonly source: Source; readonly state: RTCPeerConnectionState } | undefined
  readonly busy: 'settle' | 'stream' | 'live' | undefined
  /** The stream was set; told once. */
  readonly saved: boolean
  readonly problem: SluiceError | undefined
}

export const initialState: StudioState = {
  phase: 'visitor',
  wallet: undefined,
  snapshot: undefined,
  connected: false,
  span: 'hour',
  income: undefined,
  streamKey: undefined,
  overlays: [],
  newOverlay: undefined,
  tested: undefined,
  settled: undefined,
  sending: undefined,
  busy: undefined,
  saved: false,
  problem: undefined,
}
