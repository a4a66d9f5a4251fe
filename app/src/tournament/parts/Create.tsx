import { useEffect, useId, useState, type ReactNode } from 'react'
import { SluiceError, type Address, type Hex } from '@sluice/sdk'
import type { Tournament } from '@sluice/sdk/tournament'
import { bytesToHex } from 'viem'
import { nativeSymbol, usePageState, useTournamentPage } from '../context.ts'
import { emptyDraft, splits, termsOf, type Draft } from '../model/draft.ts'
import { useWords } from '../text/words.ts'
import { Notice } from './Notice.tsx'
import { DryRun } from './DryRun.tsx'
import { Progress } from './Progress.tsx'
import { Wallets } from './Wallets.tsx'

/** Nobody, for terms that are only looked at. */
const nobody: Address = '0x000000000000000000000000000000000000dEaD'
const noReferee: Address = '0x000000000000000000000000000000000000bEEF'

/** Where a host fills in the terms, and sees what they come to. */
export function Create(): ReactNode {
  const words = useWords()
  const { config, model, nowMs } = useTournamentPage()
  const { wallet, busy } = usePageState()
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(nowMs()))
  const [salt] = useState<Hex>(() => bytesToHex(crypto.getRandomValues(new Uint8Array(32))))
  const change = (parts: Partial<Draft>): void => setDraft({ ...draft, ...parts })
  const host = wallet?.address ?? nobody
  // What terms come to does not depend on who decides disputes.
  const isComplete = draft.referee.trim() !== ''
  const { terms, problem } = tryTerms(isComplete ? draft : { ...draft, referee: noReferee }, {
    host,
    token: config.token.address,
    decimals: config.token.decimals,
    salt,
  })
  const ready = isComplete && wallet !== undefined ? terms : undefined
  const asked = ready === undefined ? undefined : JSON.stringify(draft)
  useEffect(() => {
    if (ready !== undefined) void model.quoteCreate(ready)
    // The terms are made anew each time; what counts is what was filled in, and by whom.
  }, [asked, host])
  return (
    <>
      <form
        className="tournament-main"
        id="create"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready !== undefined) void model.create(ready, draft.rules)
        }}
      >
        <h1>{words.host}</h1>
        <p className="soft">{words.hostHow}</p>
        <Terms draft={draft} change={change} />
      </form>
      <div className="tournament-side">
        <section className="card" aria-label={words.dryRun}>
          <h2>{words.dryRun}</h2>
          <Notice />
          {terms === undefined ? (
            <p className="soft">
              {words.invalid} {problem}
            </p>
          ) : (
            <DryRun terms={terms} />
          )}
          {!isComplete && <p className="soft">{words.refereeMissing}</p>}
          <Wallets />
          {wallet !== undefined && (
            <button
              type="submit"
              form="create"
              className="main"
              disabled={ready === undefined || busy !== undefined}
            >
              {words.create}
            </button>
          )}
          <Progress />
        </section>
      </div>
    </>
  )
}

function tryTerms(
  draft: Draft,
  facts: Parameters<typeof termsOf>[1],
): { readonly terms?: Tournament; readonly problem?: string } {
  try {
    return { terms: termsOf(draft, facts) }
  } catch (error) {
    return { problem: error instanceof SluiceError ? (error.details ?? error.message) : String(error) }
  }
}

function Terms(props: {
  readonly draft: Draft
  readonly change: (parts: Partial<Draft>) => void
}): ReactNode {
  const words = useWords()
  const { config } = useTournamentPage()
  const { draft, change } = props
  return (
    <>
      <Field label={words.rules} hint={words.rulesHow}>
        {({ id, hint }) => (
          <textarea
            id={id}
            rows={3}
            maxLength={600}
            value={draft.rules}
            aria-describedby={hint}
            onChange={(event) => change({ rules: event.target.value })}
          />
        )}
      </Field>
      <Field label={words.referee} hint={words.refereeHow}>
        {({ id, hint }) => (
          <input
            id={id}
            value={draft.referee}
            placeholder="0x…"
            spellCheck={false}
            autoComplete="off"
            aria-describedby={hint}
            onChange={(event) => change({ referee: event.target.value })}
          />
        )}
      </Field>
      <div className="row fields">
        <Amount label={words.stake} value={draft.stake} onChange={(stake) => change({ stake })} />
        <label className="field">
          <span>{words.coin}</span>
          <select
            value={draft.coin}
            onChange={(event) => change({ coin: event.target.value === 'native' ? 'native' : 'token' })}
          >
            <option value="token">{words.coins.token(config.token.symbol)}</option>
            <option value="native">{words.coins.native(nativeSymbol)}</option>
          </select>
        </label>
        <label className="field">
          <span>{words.split}</span>
          <select
            value={draft.split}
            onChange={(event) => {
              const split = (Object.keys(splits) as Draft['split'][]).find(
                (each) => each === event.target.value,
              )
              if (split !== undefined) change({ split })
            }}
          >
            {(Object.keys(splits) as Draft['split'][]).map((split) => (
              <option key={split} value={split}>
                {words.splits[split]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="row fields">
        <Count
          label={words.minimum}
          value={draft.minimumPlayers}
          onChange={(minimumPlayers) => change({ minimumPlayers })}
        />
        <Count
          label={words.maximum}
          value={draft.maximumPlayers}
          onChange={(maximumPlayers) => change({ maximumPlayers })}
        />
      </div>
      <div className="row fields">
        <label className="field">
          <span>{words.joinUntil}</span>
          <input
            type="datetime-local"
            value={draft.joinUntil}
            onChange={(event) => change({ joinUntil: event.target.value })}
          />
        </label>
        <Count
          label={words.hoursToPlay}
          value={draft.hoursToPlay}
          onChange={(hoursToPlay) => change({ hoursToPlay })}
        />
      </div>
      <details>
        <summary>{words.more}</summary>
        <div className="stack">
          <Amount label={words.rake} value={draft.rake} onChange={(rake) => change({ rake })} />
          <Amount
            label={words.bond}
            hint={words.bondHow}
            value={draft.bond}
            onChange={(bond) => change({ bond })}
          />
          <Amount
            label={words.challengeBond}
            hint={words.challengeBondHow}
            value={draft.challengeBond}
            onChange={(challengeBond) => change({ challengeBond })}
          />
          <Count
            label={words.challengeMinutes}
            value={draft.challengeMinutes}
            onChange={(challengeMinutes) => change({ challengeMinutes })}
          />
        </div>
      </details>
    </>
  )
}

type Ids = { readonly id: string; readonly hint: string | undefined }

/** A field whose hint is read after its name, not as a part of it. */
function Field(props: {
  readonly label: string
  readonly hint?: string | undefined
  readonly children: (ids: Ids) => ReactNode
}): ReactNode {
  const { label, hint } = props
  const id = useId()
  const hintId = hint === undefined ? undefined : `${id}-hint`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {props.children({ id, hint: hintId })}
      {hint !== undefined && (
        <span id={hintId} className="fine">
          {hint}
        </span>
      )}
    </div>
  )
}

function Amount(props: {
  readonly label: string
  readonly hint?: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactNode {
  const { label, hint, value, onChange } = props
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <input
          id={ids.id}
          inputMode="decimal"
          autoComplete="off"
          value={value}
          aria-describedby={ids.hint}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

function Count(props: {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
}): ReactNode {
  const { label, value, onChange } = props
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="number"
        min={1}
        value={Number.isNaN(value) ? '' : value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </label>
  )
}
