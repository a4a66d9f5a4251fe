import { useSyncExternalStore } from 'react'
import { memory } from '../edge/browser.ts'
import { createStore, useStore } from '../store.ts'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
const themeMemory = 'sluice.theme'

/** What the address asks for, what was chosen before, the system's: in this order. */
function preferredTheme(): Theme {
  const asked = new URLSearchParams(location.search).get('theme') ?? memory.read(themeMemory)
  return themes.find((theme) => theme === asked) ?? 'auto'
}

const theme = createStore<Theme>(preferredTheme())
document.documentElement.dataset['theme'] = theme.get()

/** Changes the theme of the page and remembers it. */
export function chooseTheme(next: Theme): void {
  document.documentElement.dataset['theme'] = next
  theme.set(next)
  memory.write(themeMemory, next)
}

/** What was chosen. */
export function useTheme(): Theme {
  return useStore(theme)
}

const system = matchMedia('(prefers-color-scheme: dark)')

function onSystem(listener: () => void): () => void {
  system.addEventListener('change', listener)
  return () => {
    system.removeEventListener('change', listener)
  }
}

/** What it comes to: for what is painted, and does not change its colours by itself. */
export function useColours(): 'light' | 'dark' {
  const chosen = useTheme()
  const isDark = useSyncExternalStore(onSystem, () => system.matches)
  return chosen === 'auto' ? (isDark ? 'dark' : 'light') : chosen
}
