import { formatAmount } from '@sluice/sdk'
import type { CSSProperties, ReactNode } from 'react'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useStudioState, useStudioText } from '../context.ts'
import type { Snapshot } from '../model/api.ts'

/** Digits behind the point of what gas costs. */
const gasDigits = 6

/** Who watches, what came in, and what of it is on the chain. */
export function Money({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const text = useStudioText()
  const money = useMoney(snapshot.stream)
  const { earned, settled, unsettled } = snapshot.money
  const share = earned === 0n ? 0n : (settled * 100n) / earned
  return (
    <section className="card" aria-labelledby="money">
      <div className="row studio-head">
        <h2 id="money">{text.money}</h2>
        <p className="figures" data-testid="viewers">
          {text.viewers(snapshot.viewers, snapshot.paying)}
        </p>
      </div>
      <p className="studio-earned">
        <strong data-testid="earned">{money.token(earned, 4)}</strong> <span>{text.earned}</span>{' '}
        <span className="soft">{money.fiat(earned)}</span>
      </p>
      {/* Two vessels of one water: what is on the chain, and what is not yet. */}
      <div
        className="studio-locks"
        style={{ '--settled': `${String(share)}%` } as CSSProperties}
        aria-hidden="true"
      >
        <span />
      </div>
      <dl className="studio-split">
        <div>
          <dt>{text.settled}</dt>
          <dd data-testid="settled">{money.token(settled, 4)}</dd>
        </div>
        <div>
          <dt>{text.unsettled}</dt>
          <dd data-testid="unsettled">{money.token(unsettled, 4)}</dd>
        </div>
      </dl>
      <Settle snapshot={snapshot} />
    </section>
  )
}

/** What settling costs against what it brings, and the button. */
function Settle({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const text = useStudioText()
  const { locale } = useText()
  const act = useAct()
  const { busy, settled } = useStudioState()
  const { settling, underWay, money } = snapshot
  const coin = (wei: bigint): string =>
    new Intl.NumberFormat(locale, { maximumSignificantDigits: gasDigits }).format(
      formatAmount(wei, 18) as Intl.StringNumericLiteral,
    )
  const poor = settling !== null && settling.cost > settling.balance
  return (
    <div className="stack">
      <p className="fine" data-testid="gas">
        {settling === null
          ? text.gasUnknown
          : settling.channels === 0
            ? text.nothingToSettle
            : text.gas(
                coin(settling.cost),
                settling.channels,
                settling.worth === null || settling.worth === 0n
                  ? undefined
                  : Number((settling.cost * 1000n) / settling.worth) / 10,
              )}
      </p>
      {poor && (
        <p className="notice" role="status">
          {text.poor(coin(settling.balance))}
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="main"
          disabled={busy === 'settle' || money.unsettled === 0n}
          onClick={() => act((studio) => studio.settle())}
        >
          {busy === 'settle' ? text.settlingNow : text.settleAll}
        </button>
        <p className="fine" role="status">
          {underWay > 0
            ? text.underWay(underWay)
            : settled === undefined
              ? ''
              : text.outcome(
                  settled.channels.length,
                  settled.skipped.length,
                  settled.refused.length + settled.failed.length,
                )}
        </p>
      </div>
    </div>
  )
}
