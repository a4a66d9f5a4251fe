import { parseAmount } from '@sluice/sdk'
import { useState, type ReactNode } from 'react'
import { readAmount } from '../../money/amounts.ts'
import { useText } from '../../text/language.ts'
import { Sheet } from '../../ui/Sheet.tsx'
import { useAct, useMoney, useWatch, useWatchState } from '../context.ts'

/** Longest message of a tip, characters. */
const longestMessage = 200

/** Sends a tip, without a prompt; above a limit of the person's own it asks once more. */
export function TipForm(): ReactNode {
  const text = useText()
  const money = useMoney()
  const act = useAct()
  const { config, guard } = useWatch()
  const { busy, tips } = useWatchState()
  const { decimals } = config.token
  const [own, setOwn] = useState<string>()
  const typed = own ?? money.typed(parseAmount('0.10', decimals))
  const [message, setMessage] = useState('')
  const [asking, ask] = useState(false)
  const amount = readAmount(typed, decimals)
  const written = amount === undefined ? '' : money.token(parseAmount(amount, decimals), decimals)
  const last = tips.at(-1)

  function send(): void {
    ask(false)
    if (amount === undefined) return
    act((watch) => watch.tip(amount, message))
    setMessage('')
  }

  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (amount !== undefined && guard.asksAbout(parseAmount(amount, decimals))) ask(true)
        else send()
      }}
    >
      <h3>{text.watch.tip}</h3>
      <div className="row fields">
        <label className="field">
          <span>{text.watch.tipAmount}</span>
          <input
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            aria-invalid={amount === undefined}
            onChange={(event) => {
              setOwn(event.target.value)
            }}
          />
        </label>
        <label className="field">
          <span>{text.watch.tipMessage}</span>
          <input
            maxLength={longestMessage}
            autoComplete="off"
            placeholder={text.watch.tipPlaceholder}
            value={message}
            onChange={(event) => {
              setMessage(event.target.value)
            }}
          />
        </label>
      </div>
      <button type="submit" disabled={amount === undefined || busy === 'tip'}>
        {text.watch.tipSend}
      </button>
      <p className="fine" role="status" data-testid="tipped">
        {last === undefined
          ? ''
          : text.watch.tipped(money.token(parseAmount(last.amount, decimals), decimals))}
      </p>
      {asking && (
        <Sheet title={text.watch.tipSure(written)} onClose={() => ask(false)}>
          <p>{text.watch.tipSureHint}</p>
          <div className="row">
            <button type="button" className="main" onClick={send}>
              {text.watch.tipYes(written)}
            </button>
            <button type="button" onClick={() => ask(false)}>
              {text.page.cancel}
            </button>
          </div>
        </Sheet>
      )}
    </form>
  )
}
