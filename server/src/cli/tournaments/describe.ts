import { zeroAddress, type Address } from '@sluice/sdk'
import {
  nextSteps,
  splitPot,
  type Bracket,
  type NextStep,
  type Side,
  type Tournament,
  type TournamentState,
} from '@sluice/sdk/tournament'
import { jsonAmount, shortHex, showAmount, showDuration, showMoment, type TokenInfo } from '../amounts.js'

type Pairs = readonly (readonly [string, string])[]

/** The terms of a tournament in pairs for people. */
export function termsPairs(tournament: Tournament, token: TokenInfo): Pairs {
  const { host, referee, minimumPlayers, maximumPlayers, challengeWindow, rulingWindow } = tournament
  return [
    ['host', host],
    ['referee', referee],
    ['entry', showAmount(tournament.stake, token)],
    ['split', tournament.payouts.map(percent).join(', ')],
    ['players', `${minimumPlayers} to ${maximumPlayers}`],
    ['join until', showMoment(tournament.joinDeadline)],
    ['result until', showMoment(tournament.resultDeadline)],
    ['challenge within', showDuration(challengeWindow)],
    ['ruling within', showDuration(rulingWindow)],
    ["host's share", `${percent(tournament.rake)} of the entries`],
    ["host's bond", showAmount(tournament.bond, token)],
    ["challenger's bond", showAmount(tournament.challengeBond, token)],
    ['keeper reward', `${showAmount(tournament.keeperReward, token)} for each winner paid`],
  ]
}

/** The terms of a tournament for machines. */
export function termsJson(tournament: Tournament, token: TokenInfo) {
  const { stake, bond, challengeBond, keeperReward } = tournament
  return {
    ...tournament,
    stake: jsonAmount(stake, token),
    bond: jsonAmount(bond, token),
    challengeBond: jsonAmount(challengeBond, token),
    keeperReward: jsonAmount(keeperReward, token),
  }
}

/** Where a tournament stands, in pairs for people. */
export function statePairs(tournament: Tournament, state: TournamentState, token: TokenInfo): Pairs {
  const { stage, players, sponsored, unpaid, rakeLeft, share, challenger } = state
  const { pool, rake } = splitPot(tournament, players, sponsored)
  const isOver = stage === 'refunding' || stage === 'abandoned'
  return [
    ['stage', stage],
    ['joined', `${players} of ${tournament.maximumPlayers}, ${tournament.minimumPlayers} needed`],
    ['from sponsors', showAmount(sponsored, token)],
    ['prizes', showAmount(pool, token)],
    ["host's share", showAmount(rake, token)],
    ...(stage === 'final' ? ([['not paid yet', showAmount(unpaid, token)]] as const) : []),
    ...(stage === 'final' ? ([['left of the share', showAmount(rakeLeft, token)]] as const) : []),
    ...(isOver ? ([['back for each player', showAmount(share, token)]] as const) : []),
    ...(challenger === zeroAddress ? [] : ([['challenger', challenger]] as const)),
  ]
}

/** Where a tournament stands, for machines. */
export function stateJson(state: TournamentState, token: TokenInfo) {
  const { sponsored, unpaid, rakeLeft, share } = state
  return {
    ...state,
    sponsored: jsonAmount(sponsored, token),
    unpaid: jsonAmount(unpaid, token),
    rakeLeft: jsonAmount(rakeLeft, token),
    share: jsonAmount(share, token),
  }
}

/**
 * What can be done next, a line each, for people.
 *
 * @param tournament the terms
 * @param state as the chain tells it
 * @param now second
 */
export function nextLines(tournament: Tournament, state: TournamentState, now: number): readonly string[] {
  const steps = nextSteps(tournament, state, now)
  if (steps.length === 0) return ['nothing is left to do: everything has gone out']
  return steps.map((step) => `${step.verb.padEnd(9)} ${step.who}${when(step)}: ${step.outcome}`)
}

function when({ from, until }: NextStep): string {
  const begins = from === undefined ? '' : ` from ${showMoment(from)}`
  return until === undefined ? begins : `${begins} until ${showMoment(until)}`
}

/**
 * A bracket as text, round by round; the winner of a match is marked.
 *
 * @param bracket the draw and what was played
 */
export function bracketLines({ rounds }: Bracket): readonly string[] {
  return rounds.flatMap((matches, round) => [
    roundName(rounds.length - round),
    ...matches.map(({ sides, winner }, match) => {
      const [a, b] = sides.map(
        (side) => `${side !== undefined && side === winner ? '* ' : '  '}${sideText(side)}`,
      )
      return `  ${String(match + 1).padStart(2)}  ${a ?? ''}  -  ${b ?? ''}`
    }),
  ])
}

function roundName(left: number): string {
  return left === 1
    ? 'final'
    : left === 2
      ? 'semi-finals'
      : left === 3
        ? 'quarter-finals'
        : `last ${2 ** left}`
}

function sideText(side: Side): string {
  if (side === undefined) return '?'.padEnd(13)
  return side === 'bye' ? 'bye'.padEnd(13) : shortHex(side)
}

/** Basis points as people say them, such as `12.5 %`. */
export function percent(points: number): string {
  return `${points / 100} %`
}

/** Prizes or refunds, a row each. */
export function amountRows(
  amounts: readonly { readonly player: Address; readonly amount: bigint }[],
  token: TokenInfo,
): readonly (readonly string[])[] {
  return amounts.map(({ player, amount }) => [player, showAmount(amount, token)])
}
