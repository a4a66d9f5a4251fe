import type { ReactNode } from 'react'
import { usePageState } from '../context.ts'
import { useWords } from '../text/words.ts'

/** What the wallet is asked right now. */
export function Progress(): ReactNode {
  const words = useWords()
  const { busy, step } = usePageState()
  return (
    <p role="status" className="fine">
      {busy !== undefined && words.busy}{' '}
      {step !== undefined && step.of > 1 && words.step(step.index, step.of)}
    </p>
  )
}
