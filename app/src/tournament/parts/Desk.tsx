import { useEffect, type ReactNode } from 'react'
import type { NextStep, RebuiltTournament, TournamentState, TournamentVerb } from '@sluice/sdk/tournament'
import { useMoneyOf, usePageState, useTournamentPage } from '../context.ts'
import { isDecided } from '../model/bracket.ts'
import { dutiesOf, rolesOf } from '../model/roles.ts'
import { useWords } from '../text/words.ts'
import { useBracket } from './BracketView.tsx'
import { Agreement } from './Agreement.tsx'
import { Progress } from './Progress.tsx'
import { Sponsor } from './Sponsor.tsx'

type Props = { readonly known: RebuiltTournament; readonly standing: TournamentState }

/** What the person can do where the tournament stands. */
export function Desk({ known, standing }: Props): ReactNode {
  const words = useWords()
  const { wallet, now } = usePageState()
  if (wallet === undefined) return null
  const { now: steps } = dutiesOf(known, standing, rolesOf(known, wallet.address), now)
  return (
    <div className="stack">
      <h2>{words.next}</h2>
      {steps.length === 0 && <p className="soft">{standing.stage === 'paid' ? words.over : words.nothing}</p>}
      <ul className="stack">
        {steps.map((step) => (
          <li key={step.verb} className="stack">
            <Step step={step} known={known} standing={standing} />
          </li>
        ))}
      </ul>
      <Progress />
      {standing.stage === 'paid' && <a href="./">{words.another}</a>}
    </div>
  )
}

/** One thing that can be done. */
function Step(props: Props & { readonly step: NextStep }): ReactNode {
  const words = useWords()
  const { model } = useTournamentPage()
  const { busy } = usePageState()
  const { verb } = props.step
  switch (verb) {
    case 'report':
    case 'rule':
      return <Decide {...props} verb={verb} />
    case 'confirm':
      return <Agreement known={props.known} />
    case 'sponsor':
      return <Sponsor known={props.known} />
    case 'join':
    case 'challenge':
      return <Pay {...props} verb={verb} />
    case 'leave':
    case 'annul':
    case 'finalize':
    case 'pay':
    case 'cancel':
    case 'refund':
      return (
        <>
          <button
            type="button"
            className={verb === 'finalize' || verb === 'pay' || verb === 'refund' ? 'main' : ''}
            disabled={busy !== undefined}
            onClick={() => void model.act(verb)}
          >
            {words.verbs[verb]}
          </button>
          <p className="fine">{words.outcomes[verb]}</p>
        </>
      )
    default:
      return null
  }
}

/** What costs the person something; how many confirmations it takes is said before. */
function Pay({ known, verb }: Props & { readonly verb: 'join' | 'challenge' }): ReactNode {
  const words = useWords()
  const { model } = useTournamentPage()
  const { busy, quotes, wallet } = usePageState()
  const quote = quotes[verb]
  const { stake, challengeBond, token } = known.tournament
  const money = useMoneyOf(token)
  useEffect(() => {
    void model.quote(verb)
    // What paying takes may change with the wallet.
  }, [verb, wallet?.address])
  const amount = money.token(verb === 'join' ? stake : challengeBond)
  return (
    <>
      <button
        type="button"
        className={verb === 'join' ? 'main' : ''}
        disabled={busy !== undefined}
        onClick={() => void model.act(verb)}
      >
        {words.verbs[verb]}
      </button>
      <p className="fine">
        {words.outcomes[verb](amount)} {quote !== undefined && words.prompts(quote.plan.prompts)}
      </p>
    </>
  )
}

/** The result, from the bracket. */
function Decide({
  known,
  standing,
  verb,
}: Props & { readonly verb: Extract<TournamentVerb, 'report' | 'rule'> }): ReactNode {
  const words = useWords()
  const { model } = useTournamentPage()
  const { busy } = usePageState()
  const bracket = useBracket(known, standing)
  const decided = bracket !== undefined && isDecided(bracket)
  return (
    <>
      {verb === 'rule' && (
        <button
          type="button"
          className="main"
          disabled={busy !== undefined}
          onClick={() => void model.uphold()}
        >
          {words.uphold}
        </button>
      )}
      <button
        type="button"
        className={verb === 'report' ? 'main' : ''}
        disabled={!decided || busy !== undefined}
        onClick={() => {
          if (bracket !== undefined) void (verb === 'report' ? model.report(bracket) : model.ruleBy(bracket))
        }}
      >
        {words.verbs[verb]}
      </button>
      <p className="fine">{decided ? words.outcomes[verb] : words.decideFirst}</p>
    </>
  )
}
