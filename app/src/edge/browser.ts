import type { Clock } from '@sluice/sdk/session'

/** The machine's clock and timers. */
export const clock: Clock = {
  now: () => Date.now(),
  schedule: (afterMs, action) => {
    const timer = setTimeout(action, afterMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** The part of `localStorage` that is used. */
export type Memory = {
  readonly read: (name: string) => string | undefined
  readonly write: (name: string, value: string) => void
  readonly forget: (name: string) => void
}

/** What the browser remembers for this origin. A browser that remembers nothing forgets in silence. */
export const memory = memoryIn(() => localStorage)

/** The same, for this tab alone and as long as it is there. */
export const tabMemory = memoryIn(() => sessionStorage)

function memoryIn(storage: () => Storage): Memory {
  return {
    read: (name) => {
      try {
        return storage().getItem(name) ?? undefined
      } catch {
        return undefined
      }
    },
    write: (name, value) => {
      try {
        storage().setItem(name, value)
      } catch {
        return
      }
    },
    forget: (name) => {
      try {
        storage().removeItem(name)
      } catch {
        return
      }
    },
  }
}

/** Calls `action` every `everyMs` milliseconds; the returned function ends that. */
export function every(everyMs: number, action: () => void): () => void {
  const timer = setInterval(action, everyMs)
  return () => {
    clearInterval(timer)
  }
}

/** Hands the person a file. */
export function saveFile(name: string, type: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** Puts text where the person can paste it from; false when the browser does not let a page do that. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
