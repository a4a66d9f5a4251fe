import type { ReactNode } from 'react'
import { useText } from '../../text/language.ts'
import { useWatchState } from '../context.ts'

/** What the wallet is being asked, as "1 of 2". */
export function Opening(): ReactNode {
  const text = useText()
  const { step } = useWatchState()
  const title = Object.entries(text.watch.promptKinds).find(([word]) => step?.title.startsWith(word) === true)
  return (
    <div className="stack" role="status">
      <h2>{text.watch.opening}</h2>
      {step === undefined ? (
        <p>{text.watch.openingHint}</p>
      ) : (
        <>
          <p className="countdown">{text.watch.step(step.index, step.of)}</p>
          <p>{title?.[1] ?? step.title}</p>
          <p className="fine">{text.watch.stepHint}</p>
        </>
      )}
    </div>
  )
}
