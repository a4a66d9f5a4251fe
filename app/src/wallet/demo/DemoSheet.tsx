import type { ReactNode } from 'react'
import { useStore } from '../../store.ts'
import { useText } from '../../text/language.ts'
import { Sheet } from '../../ui/Sheet.tsx'
import type { Questions } from './questions.ts'

/** Where a demo wallet asks. */
export function DemoSheet({ questions }: { readonly questions: Questions }): ReactNode {
  const text = useText()
  const question = useStore(questions.current)
  if (question === undefined) return null
  const { kind, account, facts, answer } = question
  return (
    <Sheet title={text.demo.title} onClose={() => answer(false)}>
      <div className="stack">
        <p className="row">
          <span className="badge">{text.watch.demo}</span> {text.demo.kinds[kind]}
        </p>
        <dl className="facts">
          {[['account', account] as const, ...facts].map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className="fine">{text.demo.note}</p>
        <div className="row">
          <button type="button" className="main" onClick={() => answer(true)}>
            {text.demo.approve}
          </button>
          <button type="button" onClick={() => answer(false)}>
            {text.demo.decline}
          </button>
        </div>
      </div>
    </Sheet>
  )
}
