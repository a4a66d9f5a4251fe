import { memory } from '../edge/browser.ts'
import { createStore, useStore } from '../store.ts'
import { de } from './de.ts'
import { en, type Text } from './en.ts'

/** The languages of the pages, by their code. */
export const languages: Readonly<Record<'en' | 'de', Text>> = { en, de }

export type Language = keyof typeof languages

const memoryName = 'sluice.language'

function isLanguage(code: string | null | undefined): code is Language {
  return typeof code === 'string' && Object.hasOwn(languages, code)
}

/** What the address asks for, what was chosen before, what the browser prefers, English: in this order. */
function preferred(): Language {
  const asked = new URLSearchParams(location.search).get('lang')
  const candidates = [asked, memory.read(memoryName), ...navigator.languages.map((tag) => tag.slice(0, 2))]
  return candidates.find(isLanguage) ?? 'en'
}

const language = createStore<Language>(preferred())
document.documentElement.lang = language.get()

/** Changes the language of the page and remembers it. */
export function chooseLanguage(code: Language): void {
  language.set(code)
  document.documentElement.lang = code
  memory.write(memoryName, code)
}

/** The words of the page in the language of the person. */
export function useText(): Text {
  return languages[useStore(language)]
}

/** The words of one page alone, which others need not load, in the language of the person. */
export function useWords<Words>(words: Readonly<Record<Language, Words>>): Words {
  return words[useStore(language)]
}
