import { parseAmount } from '@sluice/sdk'
import { useState, type ReactNode } from 'react'
import { clock } from '../../edge/browser.ts'
import { ripen, type LimitName } from '../../limits/limits.ts'
import { readAmount } from '../../money/amounts.ts'
import { useStore } from '../../store.ts'
import { useText } from '../../text/language.ts'
import { Sheet } from '../../ui/Sheet.tsx'
import { useMoney, useWatch } from '../context.ts'

const dayMs = 24 * 60 * 60 * 1000
const breaks = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const

/** The person's own spending limits. */
export function LimitsSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const text = useText()
  const money = useMoney()
  const { guard } = useWatch()
  const { breakUntilMs } = useStore(guard.settings)
  return (
    <Sheet title={text.limits.title} onClose={onClose}>
      <div className="stack">
        <p className="fine">{text.limits.intro}</p>
        <p className="figures">{text.limits.today(money.token(guard.today(), 4))}</p>
        <LimitField name="perStream" />
        <LimitField name="perDay" />
        <LimitField name="askTipAbove" />
        <h3>{text.limits.break}</h3>
        <p className="fine">{text.limits.breakHint}</p>
        <div className="row">
          {(Object.keys(breaks) as (keyof typeof breaks)[]).map((name) => (
            <button key={name} type="button" onClick={() => guard.takeBreak(breaks[name])}>
              {text.limits.breaks[name]}
            </button>
          ))}
        </div>
        {breakUntilMs > clock.now() && (
          <p role="status">{text.limits.breakUntil(new Date(breakUntilMs).toLocaleString(text.locale))}</p>
        )}
      </div>
    </Sheet>
  )
}

function LimitField({ name }: { readonly name: LimitName }): ReactNode {
  const text = useText()
  const money = useMoney()
  const { guard, config } = useWatch()
  const { limits, pending } = ripen(useStore(guard.settings), clock.now())
  const { decimals } = config.token
  const current = limits[name]
  const waiting = pending[name]
  const [own, setOwn] = useState<string>()
  const typed = own ?? (current === undefined ? '' : money.typed(current))
  const amount = readAmount(typed, decimals)
  const write = (value: bigint | undefined): string =>
    value === undefined ? text.limits.none : money.token(value, decimals)
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === '' || amount !== undefined) {
          guard.change(name, amount === undefined ? undefined : parseAmount(amount, decimals))
        }
      }}
    >
      <div className="row fields">
        <label className="field">
          <span>
            {text.limits.names[name]} · {write(current)}
          </span>
          <input
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            onChange={(event) => {
              setOwn(event.target.value)
            }}
          />
        </label>
        <button type="submit" aria-label={`${text.limits.save}: ${text.limits.names[name]}`}>
          {text.limits.save}
        </button>
      </div>
      {waiting !== undefined && (
        <p className="fine">
          {text.limits.pending(
            write(waiting.value),
            new Date(waiting.fromMs).toLocaleDateString(text.locale),
          )}
        </p>
      )}
    </form>
  )
}
