import type { ReactNode } from 'react'
import { splitPot, type RebuiltTournament, type TournamentState } from '@sluice/sdk/tournament'
import { clockTime } from '../../money/time.ts'
import { useText } from '../../text/language.ts'
import { shortOf, useMoneyOf, usePageState } from '../context.ts'
import { readInvite, trueRules } from '../model/invite.ts'
import { rolesOf } from '../model/roles.ts'
import { useTournamentPage } from '../context.ts'
import { useWords } from '../text/words.ts'

/** What the tournament is, where it stands, and until when. */
export function Facts(props: {
  readonly known: RebuiltTournament
  readonly standing: TournamentState
}): ReactNode {
  const { known, standing } = props
  const { tournament } = known
  const words = useWords()
  const text = useText()
  const money = useMoneyOf(tournament.token)
  const { page } = useTournamentPage()
  const { wallet, rules, now } = usePageState()
  const roles = rolesOf(known, wallet?.address)
  const told = readInvite(page()).rules
  const [name = '', ...rest] = (rules ?? '').split('\n')
  const time = (second: number): string =>
    new Date(second * 1000).toLocaleString(text.locale, { dateStyle: 'medium', timeStyle: 'short' })
  const { pool } = splitPot(tournament, standing.players, standing.sponsored)
  const mine = (['host', 'referee', 'player'] as const).filter((role) => roles[role])
  const isPlayed = standing.stage === 'open' && now >= tournament.joinDeadline
  return (
    <section className="stack" data-stage={standing.stage}>
      <p className="row">
        <span className="badge">{isPlayed ? words.playing : words.stages[standing.stage]}</span>
        {wallet !== undefined &&
          (mine.length === 0 ? (['guest'] as const) : mine).map((role) => (
            <span key={role} className="fine">
              {words.roles[role]}
            </span>
          ))}
      </p>
      <h1>{name === '' ? `${words.title} ${shortOf(known.tournamentId)}` : name}</h1>
      {rest.length > 0 && <p className="rules">{rest.join('\n').trim()}</p>}
      {told !== '' && trueRules(told, tournament.rulesHash) === undefined && (
        <p className="notice" role="alert">
          {words.untrue}
        </p>
      )}
      {known.reason !== undefined && <p>{words.reasons[known.reason]}</p>}
      <Countdown known={known} standing={standing} now={now} />
      <dl className="facts" aria-label={words.facts}>
        {[
          [words.stake, money.token(tournament.stake)],
          [words.prizePool, money.token(pool)],
          [words.players, words.playersOf(standing.players, tournament.maximumPlayers)],
          [words.starts, time(tournament.joinDeadline)],
          [words.resultBy, time(tournament.resultDeadline)],
          [words.hostIs, shortOf(tournament.host)],
          [words.refereeIs, shortOf(tournament.referee)],
          [words.hostShare, `${String(tournament.rake / 100)} %`],
        ].map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Until when what is possible now stays possible. */
function Countdown(props: {
  readonly known: RebuiltTournament
  readonly standing: TournamentState
  readonly now: number
}): ReactNode {
  const words = useWords()
  const { known, standing, now } = props
  const { joinDeadline, resultDeadline, challengeWindow, rulingWindow } = known.tournament
  const ends = {
    open: [words.countdowns.open, joinDeadline],
    play: [words.countdowns.play, resultDeadline],
    reported: [words.countdowns.reported, standing.changedAt + challengeWindow],
    disputed: [words.countdowns.disputed, standing.changedAt + rulingWindow],
  } as const
  const { stage } = standing
  const phase =
    stage === 'open' && now >= joinDeadline
      ? 'play'
      : stage === 'open' || stage === 'reported' || stage === 'disputed'
        ? stage
        : undefined
  if (phase === undefined) return null
  const [label, until] = ends[phase]
  if (now >= until) return null
  return (
    <p className="row">
      <span>{label}</span>
      <strong className="countdown" role="timer">
        {clockTime(until - now)}
      </strong>
    </p>
  )
}
