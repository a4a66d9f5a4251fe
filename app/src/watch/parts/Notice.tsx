import type { ReactNode } from 'react'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useWatch, useWatchState } from '../context.ts'
import type { Problem } from '../model/state.ts'

/** What went wrong, and what can be done. */
export function Notice(): ReactNode {
  const { problem } = useWatchState()
  const say = useWords()
  if (problem === undefined) return null
  return (
    <div className="notice" role="alert">
      <p>{say(problem)}</p>
      {problem.kind === 'sluice' && <NextStep action={problem.error.action} />}
    </div>
  )
}

/** A problem in the words of the person's language. */
function useWords(): (problem: Problem) => string {
  const text = useText()
  const money = useMoney()
  const { config } = useWatch()
  return (problem) => {
    if (problem.kind === 'sluice') {
      const { code, message } = problem.error
      return text.errors[code]?.({ chain: config.chainName, symbol: config.token.symbol }) ?? message
    }
    const { reached } = problem
    if (reached.limit === 'break') {
      return text.limits.reached.break(new Date(reached.untilMs).toLocaleString(text.locale))
    }
    return text.limits.reached[reached.limit](money.token(reached.allowed, config.token.decimals))
  }
}

function NextStep({ action }: { readonly action: string }): ReactNode {
  const text = useText()
  const act = useAct()
  const { config } = useWatch()
  switch (action) {
    case 'switch-chain':
      return (
        <button type="button" onClick={() => act((watch) => watch.switchChain())}>
          {text.actions['switch-chain'](config.chainName)}
        </button>
      )
    case 'money-back':
      return (
        <button type="button" onClick={() => act((watch) => watch.moneyBack())}>
          {text.actions['money-back']}
        </button>
      )
    case 'take-over':
      return (
        <button type="button" onClick={() => act((watch) => watch.takeOver())}>
          {text.actions['take-over']}
        </button>
      )
    case 'reconnect-wallet':
      return (
        <button type="button" onClick={() => act((watch) => watch.disconnect())}>
          {text.actions['reconnect-wallet']}
        </button>
      )
    default:
      return null
  }
}
