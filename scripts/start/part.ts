import type { Screen } from './screen.ts'

/** One part of the tour, on a chain of its own. */
export type Part = {
  /** What `--only` calls it. */
  readonly name: string
  /** One line for `--help`. */
  readonly about: string
  /**
   * Runs it.
   *
   * @param screen where a person follows
   * @param options `serve`: goes on afterwards, until Ctrl-C, when the part has something to serve
   * @returns whether every balance is exact
   */
  readonly run: (screen: Screen, options: { readonly serve: boolean }) => Promise<boolean>
}
