import type { ReactNode } from 'react'
import { useStudioText } from '../context.ts'
import type { Snapshot } from '../model/api.ts'

const nobody = `0x${'00'.repeat(20)}`

/** Who is paid, and who signs for it. */
export function Delegation({ stream }: { readonly stream: Snapshot['stream'] }): ReactNode {
  const text = useStudioText()
  const { payee, operator } = stream
  const delegated = operator !== nobody
  return (
    <details className="card studio-more">
      <summary>
        <h2>{text.delegation}</h2>
      </summary>
      <dl className="facts">
        <div>
          <dt>{text.payee}</dt>
          <dd className="break">{payee}</dd>
        </div>
        <div>
          <dt>{text.operator}</dt>
          <dd className="break">{delegated ? operator : text.sameKey}</dd>
        </div>
      </dl>
      <p className="fine">{delegated ? text.delegated : text.notDelegated}</p>
    </details>
  )
}
