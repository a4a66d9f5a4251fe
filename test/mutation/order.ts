import type { Mutant } from './mutants.ts'

/** In which order to ask tests: first those that noticed changes nearby. */
export type Order = {
  readonly of: (mutant: Mutant) => string[]
  /** Remembers which test file noticed a change. */
  readonly learn: (mutant: Mutant, by: string) => void
}

export function createOrder(files: readonly string[]): Order {
  const noticed: { readonly mutant: Mutant; readonly by: string }[] = []

  const promise = (file: string, { file: source, line }: Mutant): number =>
    noticed
      .filter(({ by, mutant }) => by === file && mutant.file === source)
      .reduce((sum, { mutant }) => sum + 1 / (1 + Math.abs(mutant.line - line)), 0)

  return {
    of: (mutant) => {
      const promises = new Map(files.map((file) => [file, promise(file, mutant)]))
      return files.toSorted((a, b) => (promises.get(b) ?? 0) - (promises.get(a) ?? 0))
    },
    learn: (mutant, by) => {
      noticed.push({ mutant, by })
    },
  }
}
