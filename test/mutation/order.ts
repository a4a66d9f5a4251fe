import type { Mutant } from './mutants.ts'

/** The tests of a file, or the one of this title. */
export type Question = { readonly file: string; readonly title?: string | undefined }

/** In which order to ask tests: first those that noticed changes nearby. */
export type Order = {
  readonly of: (mutant: Mutant) => Question[]
  /** Remembers what noticed a change. */
  readonly learn: (mutant: Mutant, by: Question) => void
}

/** How many tests are asked by themselves before whole files are. */
const alone = 5

export function createOrder(files: readonly string[]): Order {
  const noticed: { readonly mutant: Mutant; readonly by: Question }[] = []

  /** What noticed changes of the same file, by what `keyOf` calls it, the nearest and most often first. */
  const promising = (mutant: Mutant, keyOf: (by: Question) => string | undefined): string[] => {
    const promises = new Map<string, number>()
    for (const { mutant: other, by } of noticed) {
      const key = other.file === mutant.file ? keyOf(by) : undefined
      if (key === undefined) continue
      promises.set(key, (promises.get(key) ?? 0) + 1 / (1 + Math.abs(other.line - mutant.line)))
    }
    return [...promises].sort(([, a], [, b]) => b - a).map(([key]) => key)
  }

  return {
    of: (mutant) => {
      const single = promising(mutant, ({ file, title }) => title && JSON.stringify({ file, title }))
      const whole = new Set([...promising(mutant, ({ file }) => file), ...files])
      return [
        ...single.slice(0, alone).map((key) => JSON.parse(key) as Question),
        ...[...whole].map((file) => ({ file })),
      ]
    },
    learn: (mutant, by) => {
      noticed.push({ mutant, by })
    },
  }
}
