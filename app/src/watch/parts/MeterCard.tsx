import type { CSSProperties, ReactNode } from 'react'
import { clockTime } from '../../money/time.ts'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useWatchState } from '../context.ts'
import { TipForm } from './TipForm.tsx'
import { TopUp } from './TopUp.tsx'

/** Share of the budget below which it is low, per cent. */
const lowPercent = 20n

/** The running stream: what it costs, and what can be done. */
export function MeterCard(): ReactNode {
  const text = useText()
  const act = useAct()
  return (
    <div className="stack">
      <h2>{text.watch.meter}</h2>
      <Lock />
      <TipForm />
      <TopUp />
      <button
        type="button"
        onClick={() => {
          act((watch) => watch.stop())
        }}
      >
        {text.watch.stop}
      </button>
      <p className="fine">{text.watch.stopHint}</p>
    </div>
  )
}

/** The meter as a lock: the water in it is what is left. */
function Lock(): ReactNode {
  const text = useText()
  const money = useMoney()
  const { meter, channel, receipt, playing, moving, gate } = useWatchState()
  const left = meter?.left ?? channel?.budget ?? 0n
  const budget = channel?.budget ?? 0n
  const percent = budget === 0n ? 0n : (left * 100n) / budget
  const low = percent <= lowPercent
  const paying = playing && moving && gate?.open !== false
  return (
    <>
      <div className="lock gate" data-low={low} data-flowing={paying}>
        <div className="lock-water" style={{ '--level': `${String(percent)}%` } as CSSProperties}>
          <svg className="lock-wave" viewBox="0 0 800 12" preserveAspectRatio="none" aria-hidden="true">
            <path d="M0 12V6c50-8 50 8 100 0s50-8 100 0 50 8 100 0 50-8 100 0 50 8 100 0 50-8 100 0 50 8 100 0 50-8 100 0v6z" />
          </svg>
        </div>
        <dl>
          <div>
            <dt>{text.watch.timeLeft}</dt>
            <dd className="large">{meter?.secondsLeft === undefined ? '–' : clockTime(meter.secondsLeft)}</dd>
          </div>
          <div>
            <dt>{text.watch.left}</dt>
            <dd>{money.token(left, 4)}</dd>
          </div>
          <div>
            <dt>{text.watch.spent}</dt>
            <dd data-testid="spent">
              {money.token(meter?.spent ?? 0n, 4)}
              {money.fiat(meter?.spent ?? 0n) !== undefined && ` · ${money.fiat(meter?.spent ?? 0n) ?? ''}`}
            </dd>
          </div>
        </dl>
      </div>
      <p className="stateline" data-paying={paying} role="status">
        {paying ? text.watch.playing : playing ? text.watch.waiting : text.watch.paused}
      </p>
      <p className="fine figures" data-testid="confirmed">
        {receipt === undefined ? text.watch.unconfirmed : text.watch.confirmed(money.token(receipt.spent, 4))}
      </p>
      {low && meter !== undefined && (
        <p className="notice" role="status">
          {text.watch.low}
        </p>
      )}
    </>
  )
}
