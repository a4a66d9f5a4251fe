import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** The folder of the built pages. */
const folder = path.resolve(import.meta.dirname, '../../app/dist')

/** What each page is for, in the order in which they are listed. */
const purposes: Readonly<Record<string, string>> = {
  watch: 'watch and pay by the second, with a demo wallet if you have none',
  studio: 'go live in place of the test card, and see what comes in: sign in as Demo 2',
  tournament: 'create a tournament, join it, report, get paid',
}

/**
 * The pages that were built, by name, with what they are for. An overlay has a secret address, which the studio gives out.
 *
 * @throws Error when there are none
 */
export function builtPages(): readonly (readonly [name: string, purpose: string])[] {
  const built = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'index.html')))
  const pages = Object.entries(purposes).filter(([name]) => built.includes(name))
  if (pages.length === 0) throw new Error(`no pages in ${folder}: npm run build makes them`)
  return pages
}
