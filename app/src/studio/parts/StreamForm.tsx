import { costOf, meteringUnits, parsePrice } from '@sluice/sdk/session'
import { useState, type ReactNode } from 'react'
import { readAmount } from '../../money/amounts.ts'
import { useAct, useMoney, useStudioState, useStudioText } from '../context.ts'
import type { Snapshot } from '../model/api.ts'

const longestTitle = 200

/** What the stream is called and costs. */
export function StreamForm({ stream }: { readonly stream: Snapshot['stream'] }): ReactNode {
  const text = useStudioText()
  const money = useMoney(stream)
  const act = useAct()
  const { busy, saved } = useStudioState()
  const perMinute = stream.unit === 'second'
  const price = { amount: stream.price, unit: stream.unit, per: stream.per }
  const now = perMinute ? costOf(price, 60_000n) : stream.price
  const [title, setTitle] = useState(stream.title)
  const [own, setOwn] = useState<string>()
  const typed = own ?? money.typed(now)
  const [token, setToken] = useState<string>(stream.token)
  const amount = readAmount(typed, 18)
  const suffix = perMinute ? 'min' : stream.unit
  const wanted = amount === undefined ? undefined : `${amount}/${suffix}`
  const isToken = /^0x[0-9a-fA-F]{40}$/.test(token.trim())
  const hour =
    perMinute && wanted !== undefined && isPrice(wanted, stream.decimals)
      ? costOf(parsePrice(wanted, stream.decimals), 3600n * meteringUnits('second'))
      : undefined
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted !== undefined && isToken)
          act((studio) => studio.setStream({ title, price: wanted, token: token.trim() }))
      }}
    >
      <h2>{text.stream}</h2>
      <label className="field">
        <span>{text.name}</span>
        <input
          maxLength={longestTitle}
          required
          value={title}
          onChange={(event) => {
            setTitle(event.target.value)
          }}
        />
      </label>
      <label className="field">
        <span>
          {text.price[stream.unit]} · {stream.symbol}
        </span>
        <input
          inputMode="decimal"
          autoComplete="off"
          value={typed}
          aria-invalid={wanted === undefined}
          onChange={(event) => {
            setOwn(event.target.value)
          }}
        />
      </label>
      {hour !== undefined && <p className="fine">{text.anHour(money.token(hour), money.fiat(hour))}</p>}
      <details className="studio-fold">
        <summary>{text.token}</summary>
        <label className="field">
          <span>{text.tokenHint}</span>
          <input
            autoComplete="off"
            spellCheck={false}
            value={token}
            aria-invalid={!isToken}
            onChange={(event) => {
              setToken(event.target.value)
            }}
          />
        </label>
      </details>
      <div className="row">
        <button type="submit" disabled={wanted === undefined || !isToken || busy === 'stream'}>
          {text.save}
        </button>
        <p className="fine" role="status">
          {saved ? text.saved : ''}
        </p>
      </div>
      <p className="fine">{text.priceHint}</p>
    </form>
  )
}

function isPrice(text: string, decimals: number): boolean {
  try {
    parsePrice(text, decimals)
    return true
  } catch {
    return false
  }
}
