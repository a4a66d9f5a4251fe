import type { ReactNode } from 'react'
import { CopyField } from '../../ui/CopyField.tsx'
import { useAct, useStudioState, useStudioText } from '../context.ts'

/** What OBS asks for. */
export function Encoder(): ReactNode {
  const text = useStudioText()
  const act = useAct()
  const { streamKey, snapshot } = useStudioState()
  if (streamKey === undefined || typeof snapshot?.live !== 'boolean') return null
  return (
    <details className="card studio-more">
      <summary>
        <h2>{text.obs}</h2>
      </summary>
      <p className="fine">{text.obsHint}</p>
      <CopyField label={text.whip} value={new URL('/stage/whip', location.href).href} />
      <CopyField label={text.key} value={streamKey} secret reveal={text.reveal} />
      <p className="fine">{text.renewHint}</p>
      <div className="row">
        <button type="button" onClick={() => act((studio) => studio.renewKey())}>
          {text.renew}
        </button>
      </div>
    </details>
  )
}
