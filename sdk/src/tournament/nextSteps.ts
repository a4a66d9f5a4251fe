import { payoutPeriod } from './limits.js'
import type { Tournament, TournamentState } from './types.js'

/** Something that can be done with a tournament, who may, and when. */
export type NextStep = {
  readonly verb: TournamentVerb
  readonly who: 'anyone' | 'host' | 'referee' | 'players' | 'a player' | 'a winner'
  /** First second in which it works; undefined: it works already. */
  readonly from?: number
  /** First second that is too late; undefined: there is none. */
  readonly until?: number
  /** What it brings about. */
  readonly outcome: string
}

/** What can be done with a tournament. */
export type TournamentVerb =
  | 'create'
  | 'join'
  | 'leave'
  | 'sponsor'
  | 'report'
  | 'confirm'
  | 'challenge'
  | 'rule'
  | 'annul'
  | 'finalize'
  | 'pay'
  | 'claim'
  | 'cancel'
  | 'refund'

/**
 * What can be done next, by whom and until when: what works now first, then what will. Empty when everything has gone out.
 *
 * @param tournament the terms
 * @param state as the chain tells it (`getTournament`)
 * @param now second at which it is asked
 *
 * @example
 * ```ts
 * import { nextSteps, type Tournament, type TournamentState } from '@sluice/sdk/tournament'
 *
 * const verbs = (tournament: Tournament, state: TournamentState, now: number) =>
 *   nextSteps(tournament, state, now).map(({ verb, who }) => `${verb} (${who})`)
 * ```
 */
export function nextSteps(tournament: Tournament, state: TournamentState, now: number): readonly NextStep[] {
  const left = stepsOf(tournament, state).filter(({ until }) => until === undefined || now < until)
  const timed = left.map(({ from, ...step }) =>
    from === undefined || from <= now ? step : { ...step, from },
  )
  return timed.sort((a, b) => ('from' in a ? a.from : 0) - ('from' in b ? b.from : 0))
}

function stepsOf(tournament: Tournament, state: TournamentState): readonly NextStep[] {
  const { joinDeadline, challengeWindow, rulingWindow } = tournament
  const { stage, changedAt } = state
  switch (stage) {
    case 'none':
      return [{ verb: 'create', who: 'host', until: joinDeadline, outcome: 'players can join' }]
    case 'open':
      return openSteps(tournament, state)
    case 'reported': {
      const end = changedAt + challengeWindow
      return [
        { verb: 'challenge', who: 'a player', until: end, outcome: 'the referee decides' },
        { verb: 'confirm', who: 'players', outcome: 'final at once, with the signatures of all of them' },
        { verb: 'finalize', who: 'anyone', from: end, outcome: 'the result is final' },
      ]
    }
    case 'disputed': {
      const end = changedAt + rulingWindow
      return [
        {
          verb: 'rule',
          who: 'referee',
          until: end,
          outcome: "final at once; the loser's bond to the winner",
        },
        {
          verb: 'annul',
          who: 'referee',
          until: end,
          outcome: 'stakes go back; both bonds to the challenger',
        },
        { verb: 'cancel', who: 'anyone', from: end, outcome: 'everybody gets back what they put in' },
      ]
    }
    case 'final':
      return [
        { verb: 'pay', who: 'anyone', outcome: 'winners are paid, and whoever pays them is rewarded' },
        { verb: 'claim', who: 'a winner', outcome: 'its prize, to a destination of its choice' },
        {
          verb: 'cancel',
          who: 'anyone',
          from: changedAt + payoutPeriod,
          outcome: 'what is left is shared among the players who got none',
        },
      ]
    case 'refunding':
    case 'abandoned':
      return [{ verb: 'refund', who: 'anyone', outcome: 'players and sponsors get what is theirs' }]
    case 'paid':
      return []
  }
}

function openSteps(tournament: Tournament, { players }: TournamentState): readonly NextStep[] {
  const { joinDeadline, resultDeadline, minimumPlayers, maximumPlayers } = tournament
  const enough = players >= minimumPlayers
  const early: readonly NextStep[] = [
    { verb: 'join', who: 'anyone', until: joinDeadline, outcome: 'the stake is in, and the player plays' },
    { verb: 'leave', who: 'a player', until: joinDeadline, outcome: 'it gets its stake' },
    { verb: 'sponsor', who: 'anyone', until: joinDeadline, outcome: 'more prizes' },
    { verb: 'cancel', who: 'host', until: joinDeadline, outcome: 'stakes, sponsor money and bond go back' },
  ]
  const late: readonly NextStep[] = enough
    ? [
        {
          verb: 'report',
          who: 'host',
          from: joinDeadline,
          until: resultDeadline,
          outcome: 'the result stands, and may be challenged',
        },
        {
          verb: 'cancel',
          who: 'anyone',
          from: resultDeadline,
          outcome: "stakes and sponsor money go back, and the players get the host's bond",
        },
      ]
    : [
        {
          verb: 'cancel',
          who: 'anyone',
          from: joinDeadline,
          outcome: 'too few players: stakes, sponsor money and bond go back',
        },
      ]
  const possible = early.filter(({ verb }) => verb !== 'join' || players < maximumPlayers)
  return [...possible.filter(({ verb }) => verb !== 'leave' || players > 0), ...late]
}
