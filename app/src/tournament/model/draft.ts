import { parseAmount, zeroAddress, type Address, type Hex } from '@sluice/sdk'
import { defineTournament, prizesOf, splitPot, type Placing, type Tournament } from '@sluice/sdk/tournament'
import { keccak256, stringToHex } from 'viem'

/** What a host fills in. Amounts as typed, in whole tokens; times in the host's time zone. */
export type Draft = {
  /** Name and rules; the first line is the name. */
  readonly rules: string
  readonly coin: 'token' | 'native'
  readonly stake: string
  readonly minimumPlayers: number
  readonly maximumPlayers: number
  /** Such as `2027-03-01T20:00`. */
  readonly joinUntil: string
  /** After the join deadline, hours. */
  readonly hoursToPlay: number
  readonly referee: string
  readonly split: keyof typeof splits
  /** Percent of the stakes. */
  readonly rake: string
  readonly bond: string
  readonly challengeBond: string
  /** Minutes. */
  readonly challengeMinutes: number
}

/** Ways to divide the prizes, basis points by rank. */
export const splits = {
  winner: [10_000],
  two: [7_000, 3_000],
  three: [5_000, 3_000, 2_000],
} as const

/** How many decimals the chain's own coin has. */
export const nativeDecimals = 18

const hour = 3600

/** What the page proposes. */
export function emptyDraft(nowMs: number): Draft {
  return {
    rules: '',
    coin: 'token',
    stake: '10',
    minimumPlayers: 2,
    maximumPlayers: 8,
    joinUntil: localTime(nowMs + 24 * hour * 1000),
    hoursToPlay: 24,
    referee: '',
    split: 'three',
    rake: '0',
    bond: '0',
    challengeBond: '0',
    challengeMinutes: 60,
  }
}

/**
 * The terms that a draft amounts to.
 *
 * @param draft as filled in
 * @param facts the host, the token and its decimals, and 32 random bytes
 * @throws SluiceError `invalid-argument` naming what does not fit
 */
export function termsOf(
  draft: Draft,
  facts: {
    readonly host: Address
    readonly token: Address
    readonly decimals: number
    readonly salt: Hex
  },
): Tournament {
  const native = draft.coin === 'native'
  const decimals = native ? nativeDecimals : facts.decimals
  const amount = (text: string): bigint =>
    /^[0.,]*$/.test(text.trim()) ? 0n : parseAmount(text.trim().replace(',', '.'), decimals)
  const joinDeadline = Math.floor(new Date(draft.joinUntil).getTime() / 1000)
  return defineTournament({
    host: facts.host,
    token: native ? zeroAddress : facts.token,
    referee: draft.referee.trim() as Address,
    stake: amount(draft.stake),
    bond: amount(draft.bond),
    challengeBond: amount(draft.challengeBond),
    minimumPlayers: draft.minimumPlayers,
    maximumPlayers: draft.maximumPlayers,
    joinDeadline,
    resultDeadline: joinDeadline + Math.round(draft.hoursToPlay * hour),
    challengeWindow: Math.round(draft.challengeMinutes * 60),
    rake: Math.round(Number(draft.rake.replace(',', '.')) * 100),
    rulesHash: rulesHashOf(draft.rules),
    salt: facts.salt,
    payouts: splits[draft.split],
  })
}

/** What the terms commit to of the rules; zero when there are none. */
export function rulesHashOf(rules: string): Hex {
  return rules === '' ? `0x${'00'.repeat(32)}` : keccak256(stringToHex(rules))
}

/** What a full field would win and leave. */
export type Outlook = {
  readonly players: number
  readonly pool: bigint
  readonly rake: bigint
  /** By rank. */
  readonly prizes: readonly bigint[]
}

/**
 * What so many players would win, without sponsors.
 *
 * @param tournament the terms
 * @param players who take part
 */
export function outlookOf(
  tournament: Pick<Tournament, 'stake' | 'rake' | 'payouts'>,
  players: number,
): Outlook {
  const { pool, rake } = splitPot(tournament, players, 0n)
  const { payouts } = tournament
  const placings = Array.from({ length: players }, (_, index): Placing => ({
    player: `0x${(index + 1).toString(16).padStart(40, '0')}`,
    rank: index + 1,
  }))
  const prizes = prizesOf({ payouts, pool, placings }).map(({ amount }) => amount)
  return { players, pool, rake, prizes: prizes.slice(0, payouts.length) }
}

function localTime(ms: number): string {
  const date = new Date(ms)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}
