import { useState, type ReactNode } from 'react'
import { CopyField } from '../../ui/CopyField.tsx'
import { useText } from '../../text/language.ts'
import { useAct, useStudioState, useStudioText } from '../context.ts'

const longestLabel = 60

/** Addresses for OBS' browser source, and what an alert looks like. */
export function Overlays(): ReactNode {
  const text = useStudioText()
  const { locale } = useText()
  const act = useAct()
  const { overlays, newOverlay, tested } = useStudioState()
  const [label, setLabel] = useState('OBS')
  return (
    <section className="card" aria-labelledby="overlays">
      <h2 id="overlays">{text.overlays}</h2>
      <p className="fine">{text.overlaysHint}</p>
      {newOverlay !== undefined && (
        <div className="stack" role="status">
          <CopyField label={text.newOverlay} value={newOverlay.address} secret reveal={text.reveal} />
          <p className="fine">{text.onceHint}</p>
        </div>
      )}
      <form
        className="row fields"
        onSubmit={(event) => {
          event.preventDefault()
          act((studio) => studio.makeOverlay(label))
        }}
      >
        <label className="field">
          <span>{text.overlayName}</span>
          <input
            required
            maxLength={longestLabel}
            value={label}
            onChange={(event) => {
              setLabel(event.target.value)
            }}
          />
        </label>
        <button type="submit" disabled={label.trim() === ''}>
          {text.makeOverlay}
        </button>
      </form>
      {overlays.length > 0 && (
        <ul className="studio-overlays">
          {overlays.map((overlay) => (
            <li key={overlay.id} className="row">
              <span className="break">
                {overlay.label}{' '}
                <span className="fine">{new Date(overlay.createdAtMs).toLocaleDateString(locale)}</span>
              </span>
              <button
                type="button"
                className="quiet"
                aria-label={`${text.revoke}: ${overlay.label}`}
                onClick={() => act((studio) => studio.revokeOverlay(overlay.id))}
              >
                {text.revoke}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <button type="button" onClick={() => act((studio) => studio.testAlert())}>
          {text.testAlert}
        </button>
        <p className="fine" role="status">
          {tested === undefined ? '' : text.tested(tested)}
        </p>
      </div>
    </section>
  )
}
