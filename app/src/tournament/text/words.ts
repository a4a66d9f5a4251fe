import { useText } from '../../text/language.ts'
import { de } from './de.ts'
import { en, type Words } from './en.ts'

/** The words of the tournament page in the language of the person. */
export function useWords(): Words {
  return useText().locale === 'de' ? de : en
}
