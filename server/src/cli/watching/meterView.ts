import { stripVTControlCharacters } from 'node:util'
import { formatAmount, type Meter } from '@sluice/sdk/session'
import { showAmount, showDuration, type TokenInfo } from '../amounts.js'

/** Everything the meter on the terminal shows. */
export type MeterView = {
  readonly title: string
  /** Such as `0.12 USDC/min`. */
  readonly price: string
  readonly token: TokenInfo
  readonly state: WatchState
  /** Why nothing flows; undefined while it does. */
  readonly reason: string | undefined
  /** Since the stream was joined. */
  readonly seconds: number
  /** Undefined until the first one came. */
  readonly meter: Meter | undefined
  /** Vouchers signed in this run. */
  readonly vouchers: number
  /** The newest piece of the feed. */
  readonly sample: unknown
  /** Whole tokens a press of `t` tips. */
  readonly tip: string
  /** The last thing worth reading. */
  readonly notice: string | undefined
}

/** What the viewer is doing. */
export type WatchState = 'connecting' | 'playing' | 'paused' | 'waiting' | 'stopping'

const signs: Readonly<Record<WatchState, string>> = {
  connecting: '…',
  playing: '●',
  paused: '‖',
  waiting: '○',
  stopping: '■',
}

/**
 * The meter as lines of at most `columns` characters, always the same number of them.
 *
 * @param view what is to be seen
 * @param columns of the terminal
 */
export function meterLines(view: MeterView, columns: number): readonly string[] {
  const { meter, token } = view
  const number = (amount: bigint): string => formatAmount(amount, token.decimals)
  const reason = view.reason === undefined ? '' : ` (${view.reason})`
  const lines = [
    `${signs[view.state]} ${view.state}${reason}  ${showDuration(view.seconds)}  ${view.price}  ${plain(view.title)}`,
    meter === undefined
      ? 'spent –'
      : `spent ${number(meter.spent)}  left ${showAmount(meter.left, token)}${timeLeft(meter)}  prepaid ${number(meter.prepaid)}`,
    meter === undefined
      ? `vouchers ${view.vouchers}`
      : `vouchers ${view.vouchers}  signed ${number(meter.signed)}  acknowledged ${number(meter.acknowledged)}`,
    view.sample === undefined ? '' : sampleText(view.sample),
    view.notice === undefined
      ? `t tip ${view.tip}   p ${view.state === 'paused' ? 'play' : 'pause'}   s stop`
      : view.notice,
  ]
  return lines.map((line) => clip(plain(line), columns))
}

/**
 * A piece of a feed in one line: telemetry in words, anything else as JSON.
 *
 * @param payload as it came from the payee
 */
export function sampleText(payload: unknown): string {
  const { load, memoryUsed, memoryTotal, temperature } = numbersOf(payload)
  if (load === undefined || memoryUsed === undefined || memoryTotal === undefined)
    return plain(JSON.stringify(payload))
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1)
  const parts = [
    `load ${bar(load, 10)} ${Math.round(load * 100)
      .toString()
      .padStart(3)} %`,
    `memory ${gigabytes(memoryUsed)} of ${gigabytes(memoryTotal)} GB`,
    ...(temperature === undefined ? [] : [`${temperature.toFixed(1)} °C`]),
  ]
  return parts.join('  ')
}

/**
 * Text from outside, harmless on a terminal: without escape sequences and control characters.
 *
 * @param text any text
 */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ')
}

function timeLeft({ secondsLeft }: Meter): string {
  return secondsLeft === undefined ? '' : ` (${showDuration(secondsLeft)})`
}

/** A share as a bar of full and empty cells. */
function bar(share: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells)
  return '█'.repeat(full) + '░'.repeat(cells - full)
}

function clip(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`
}

function numbersOf(payload: unknown): Readonly<Partial<Record<string, number>>> {
  if (typeof payload !== 'object' || payload === null) return {}
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => typeof value === 'number'))
}
