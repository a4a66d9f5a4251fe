import { useEffect, useRef, type ReactNode } from 'react'
import { useText } from '../../text/language.ts'
import { useColours } from '../../ui/theme.ts'
import { useAct, useMoney, useStudioState, useStudioText } from '../context.ts'
import type { DrawnIncome } from '../chart.ts'
import type { IncomeChart, Snapshot, Span } from '../model/api.ts'

const spans: readonly Span[] = ['hour', 'day', 'month']

/** What came in over time. */
export function Income({ stream }: { readonly stream: Snapshot['stream'] }): ReactNode {
  const text = useStudioText()
  const money = useMoney(stream)
  const act = useAct()
  const { span, income } = useStudioState()
  const sum = income?.points.reduce((total, { earned }) => total + earned, 0n) ?? 0n
  return (
    <section className="card" aria-labelledby="income">
      <div className="row studio-head">
        <h2 id="income">{text.income}</h2>
        <div className="languages" role="group" aria-label={text.spanLabel}>
          {spans.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={span === each}
              onClick={() => act((studio) => studio.show(each))}
            >
              {text.spans[each]}
            </button>
          ))}
        </div>
      </div>
      {income === undefined || income.points.length === 0 ? (
        <p className="soft">{text.noIncome}</p>
      ) : (
        <Chart income={income} decimals={stream.decimals} />
      )}
      <p className="fine" data-testid="income">
        {text.incomeSum(money.token(sum, 4))}
      </p>
    </section>
  )
}

/** The chart is a picture; its sum stands below in words. */
function Chart({ income, decimals }: { readonly income: IncomeChart; readonly decimals: number }): ReactNode {
  const text = useStudioText()
  const { locale } = useText()
  const colours = useColours()
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<DrawnIncome>(undefined)
  const newest = useRef(income)
  useEffect(() => {
    newest.current = income
    drawn.current?.update(income)
  }, [income])
  const { stepMs } = income
  useEffect(() => {
    const element = place.current
    if (element === null) return
    let over = false
    void import('../chart.ts').then(({ drawIncome }) => {
      if (over) return
      drawn.current = drawIncome(element, newest.current, { decimals, locale, labels: text.chart })
    })
    return () => {
      over = true
      drawn.current?.end()
      drawn.current = undefined
    }
  }, [stepMs, decimals, locale, text, colours])
  return <div className="studio-chart" ref={place} role="img" aria-label={text.chartLabel} />
}
