import type { ReactNode } from 'react'
import { useText } from '../../text/language.ts'
import { usePageState, useTournamentPage } from '../context.ts'
import { useWords } from '../text/words.ts'

/** What went wrong, and what can be done. */
export function Notice(): ReactNode {
  const text = useText()
  const words = useWords()
  const { config, model } = useTournamentPage()
  const { problem } = usePageState()
  if (problem === undefined) return null
  const say = words.errors[problem.code] ?? text.errors[problem.code]
  return (
    <div className="notice" role="alert">
      <p>{say?.({ chain: config.chainName, symbol: config.token.symbol }) ?? problem.message}</p>
      {problem.action === 'switch-chain' && (
        <button type="button" onClick={() => void model.switchChain()}>
          {words.switchChain(config.chainName)}
        </button>
      )}
    </div>
  )
}
