import type { ReactNode } from 'react'
import { Window } from 'happy-dom'

/** A document in Node in which React draws. */
export type Screen = {
  readonly show: (node: ReactNode) => void
  /** What stands there now. */
  readonly text: () => string
  /** Waits until what stands there is as wanted. */
  readonly until: (wanted: (text: string) => boolean, what: string) => Promise<void>
  readonly clear: () => void
  readonly close: () => Promise<void>
}

const patienceMs = 90_000

/** What React asks of a browser. The rest stays Node's own: `fetch`, sockets and timers reach the real world. */
const needed = ['window', 'document', 'HTMLElement', 'HTMLIFrameElement'] as const

/** Opens a document, and draws in it with the React that the page would use. */
export async function openScreen(): Promise<Screen> {
  const window = new Window({ url: 'http://127.0.0.1/' })
  const before = new Map(needed.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]))
  for (const name of needed) {
    const value: unknown = name === 'window' ? window : window[name]
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
  // React looks at the document as it is loaded.
  const { createRoot } = await import('react-dom/client')
  const place = document.createElement('div')
  document.body.append(place)
  const root = createRoot(place)
  const text = () => place.textContent
  return {
    show: (node) => root.render(node),
    text,
    until: async (wanted, what) => {
      const giveUpMs = performance.now() + patienceMs
      while (!wanted(text())) {
        if (performance.now() > giveUpMs) throw new Error(`not seen: ${what}; there stands: ${text()}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    clear: () => root.render(null),
    close: async () => {
      root.unmount()
      // React ends what it began in tasks of its own.
      await new Promise((resolve) => setTimeout(resolve, 0))
      await window.happyDOM.close()
      for (const [name, was] of before) {
        if (was === undefined) Reflect.deleteProperty(globalThis, name)
        else Object.defineProperty(globalThis, name, was)
      }
    },
  }
}
