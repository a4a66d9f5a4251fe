import { useId, useRef, useState, type ReactNode } from 'react'
import { copyText } from '../edge/browser.ts'
import { useText } from '../text/language.ts'

/** Something to be pasted elsewhere. */
export function CopyField(props: {
  readonly label: string
  readonly value: string
  /** Shown as dots until it is asked for. */
  readonly secret?: boolean
  /** Words for showing a secret. */
  readonly reveal?: string
}): ReactNode {
  const text = useText()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState(false)
  const [shown, show] = useState(props.secret !== true)

  async function copy(): Promise<void> {
    if (await copyText(props.value)) setCopied(true)
    else {
      show(true)
      field.current?.select()
    }
  }

  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {props.label}
      </label>
      <div className="row copy">
        <input
          id={id}
          ref={field}
          readOnly
          type={shown ? 'text' : 'password'}
          autoComplete="off"
          spellCheck={false}
          value={props.value}
          onFocus={(event) => {
            event.target.select()
          }}
        />
        {props.secret === true && !shown && (
          <button
            type="button"
            onClick={() => {
              show(true)
            }}
          >
            {props.reveal}
          </button>
        )}
        <button type="button" aria-label={`${text.page.copy}: ${props.label}`} onClick={() => void copy()}>
          {copied ? text.page.copied : text.page.copy}
        </button>
      </div>
    </div>
  )
}
