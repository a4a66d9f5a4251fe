import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useText } from '../text/language.ts'

/** A dialog above the page. It is open as long as it is there. */
export function Sheet(props: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}): ReactNode {
  const text = useText()
  const heading = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
    >
      <div className="sheet-head">
        <h2 id={heading}>{props.title}</h2>
        <button type="button" className="quiet" aria-label={text.page.close} onClick={props.onClose}>
          ✕
        </button>
      </div>
      {props.children}
    </dialog>
  )
}
