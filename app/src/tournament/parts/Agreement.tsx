import { useState, type ReactNode } from 'react'
import type { RebuiltTournament } from '@sluice/sdk/tournament'
import { CopyField } from '../../ui/CopyField.tsx'
import { usePageState, useTournamentPage } from '../context.ts'
import { agreementLink, missingOf } from '../model/agreement.ts'
import { inviteLink } from '../model/invite.ts'
import { rolesOf } from '../model/roles.ts'
import { useWords } from '../text/words.ts'
import { PlayerName } from './Players.tsx'
import { QrCode } from './QrCode.tsx'

type Props = { readonly known: RebuiltTournament }

/** Where the players agree to a result, so that nobody has to wait until it can no longer be disputed. */
export function Agreement({ known }: Props): ReactNode {
  const words = useWords()
  const { model } = useTournamentPage()
  const { busy, confirmations, wallet } = usePageState()
  // A result that is only a root cannot be looked at here, and nobody should sign what it does not see.
  if (known.result === undefined || known.result.players.length === 0) return null
  const missing = missingOf(known, confirmations)
  const all = Object.keys(known.players).length
  const mine = missing.some((player) => player === wallet?.address.toLowerCase())
  return (
    <section className="stack" aria-labelledby="agreement">
      <h3 id="agreement">{words.agreement}</h3>
      <p className="fine">{words.agreementHow}</p>
      <p role="status">{words.agreed(all - missing.length, all)}</p>
      {missing.length > 0 && missing.length < all && (
        <p className="fine">
          {words.agreementLacks}{' '}
          {missing.map((player) => (
            <span key={player} className="figures" title={player}>
              <PlayerName player={player} />{' '}
            </span>
          ))}
        </p>
      )}
      {mine && rolesOf(known, wallet?.address).player && (
        <>
          <button
            type="button"
            className="main"
            disabled={busy !== undefined}
            onClick={() => void model.sign()}
          >
            {words.agree}
          </button>
          <p className="fine">{words.agreeHow}</p>
        </>
      )}
      {missing.length === 0 ? (
        <>
          <button
            type="button"
            className="main"
            disabled={busy !== undefined}
            onClick={() => void model.act('confirm')}
          >
            {words.verbs.confirm}
          </button>
          <p className="fine">{words.outcomes.confirm}</p>
        </>
      ) : (
        <Passing known={known} />
      )}
    </section>
  )
}

/** How signatures get from one browser to the next. */
function Passing({ known }: Props): ReactNode {
  const words = useWords()
  const { model, page } = useTournamentPage()
  const { confirmations, rules } = usePageState()
  const [pasted, setPasted] = useState('')
  const link = agreementLink(inviteLink(page(), known.tournamentId, rules), confirmations)
  return (
    <>
      {confirmations.length > 0 && (
        <>
          <p className="fine">{words.passOn}</p>
          <QrCode text={link} label={words.passOnQr} />
          <CopyField label={words.passOnLink} value={link} />
        </>
      )}
      <form
        className="row fields"
        onSubmit={(event) => {
          event.preventDefault()
          void model.gather(pasted).then(() => setPasted(''))
        }}
      >
        <label className="field">
          <span>{words.paste}</span>
          <input
            value={pasted}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setPasted(event.target.value)}
          />
        </label>
        <button type="submit" disabled={!pasted.includes('#')}>
          {words.take}
        </button>
      </form>
    </>
  )
}
