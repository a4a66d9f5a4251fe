import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import '../design/tokens.css'
import '../design/base.css'
import '../design/parts.css'
import { loadConfig, type PageConfig } from '../config/config.ts'
import { useText } from '../text/language.ts'
import { Shell } from './Shell.tsx'

/** Shows a page: it is made once the server has said what it needs to know. */
export function start(make: (config: PageConfig) => Promise<ReactNode>): void {
  const place = document.getElementById('page')
  if (place === null) throw new Error('the page has no place for itself')
  const root = createRoot(place)
  root.render(<Waiting />)
  loadConfig()
    .then(make)
    .then((page) => {
      root.render(<StrictMode>{page}</StrictMode>)
    })
    .catch((error: unknown) => {
      root.render(<Failed details={error instanceof Error ? error.message : String(error)} />)
    })
}

function Waiting(): ReactNode {
  const text = useText()
  return (
    <Shell title="">
      <p className="lone" role="status">
        {text.page.loading}
      </p>
    </Shell>
  )
}

function Failed({ details }: { readonly details: string }): ReactNode {
  const text = useText()
  return (
    <Shell title="">
      <div className="lone" role="alert">
        <h1>{text.page.failed}</h1>
        <p>{text.page.failedHow}</p>
        <p className="fine">{details}</p>
        <button
          type="button"
          onClick={() => {
            location.reload()
          }}
        >
          {text.page.reload}
        </button>
      </div>
    </Shell>
  )
}
