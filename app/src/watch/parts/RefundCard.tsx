import { useEffect, useState, type ReactNode } from 'react'
import { clock, every } from '../../edge/browser.ts'
import { clockTime } from '../../money/time.ts'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useWatchState } from '../context.ts'

/** Getting the rest back without the payee, with a countdown. */
export function RefundCard(): ReactNode {
  const text = useText()
  const money = useMoney()
  const act = useAct()
  const { refund, chainTime } = useWatchState()
  const nowMs = useNow()
  if (refund === undefined) return <p role="status">{text.watch.moneyBackAsk}</p>
  if (refund.status === 'done') {
    return (
      <div className="stack">
        <h2>{text.watch.moneyBackDone(money.token(refund.refunded, 6))}</h2>
        <button type="button" className="main" onClick={() => act((watch) => watch.again())}>
          {text.watch.again}
        </button>
      </div>
    )
  }
  const passedMs = chainTime === undefined ? 0 : nowMs - chainTime.atMs
  const seconds =
    chainTime === undefined
      ? undefined
      : Math.max(0, refund.withdrawableAt - chainTime.seconds - Math.max(0, passedMs) / 1000)
  return (
    <div className="stack">
      <h2>{text.watch.moneyBack}</h2>
      <p>{text.watch.moneyBackHint}</p>
      <p>{text.watch.moneyBackWait}</p>
      <p className="countdown" role="timer">
        {seconds === undefined ? '–' : clockTime(seconds)}
      </p>
      <button
        type="button"
        className="main"
        disabled={seconds !== 0}
        onClick={() => act((watch) => watch.moneyBack())}
      >
        {text.watch.moneyBackNow}
      </button>
      <p className="fine">{text.watch.moneyBackKeep}</p>
    </div>
  )
}

/** The time, once a second. */
function useNow(): number {
  const [nowMs, set] = useState(clock.now())
  useEffect(
    () =>
      every(1000, () => {
        set(clock.now())
      }),
    [],
  )
  return nowMs
}
