import type { Mutant } from './mutants.ts'

/** What became of a mutant: `invalid` did not compile, `same` compiled to the same code. */
export type Verdict = {
  readonly mutant: Mutant
  readonly outcome: 'killed' | 'survived' | 'invalid' | 'same'
}

/** Why a mutant may survive. Found by what it changes, since lines move. */
export type Justification = {
  readonly file: string
  readonly before: string
  readonly after: string
  readonly reason: string
}

/**
 * The report as Markdown, survivors without a reason, and reasons without a survivor.
 *
 * @param every one in how many changes was made
 */
export function report(
  contract: string,
  every: number,
  verdicts: readonly Verdict[],
  justified: readonly Justification[],
) {
  const sorted = verdicts.toSorted((a, b) => key(a.mutant).localeCompare(key(b.mutant)))
  const survivors = sorted.filter(({ outcome }) => outcome === 'survived').map(({ mutant }) => mutant)
  const reasonOf = (mutant: Mutant) => justified.find((each) => matches(each, mutant))?.reason
  const unjustified = survivors.filter((mutant) => reasonOf(mutant) === undefined)
  const unused = justified.filter((each) => !survivors.some((mutant) => matches(each, mutant)))
  const text = [
    `# What no test of ${contract} notices`,
    '',
    `Written by \`node test/mutation/run.ts ${contract}${every === 1 ? '' : ` --every ${every}`} --report\`: each condition, comparison, sum, bit operation,`,
    'number, assignment and call of the contract and of its own libraries is changed or removed, one at a time, and the unit',
    'and attack tests are run against the result. Fuzz and invariant tests are not asked. A change that does not compile, or',
    'compiles to the same code, is no test of the tests and not counted.',
    ...(every === 1 ? [] : [`Of all such changes, one in ${every} was made.`]),
    '',
    '| file | killed | survived | of them justified |',
    '|---|---|---|---|',
    ...table(sorted, reasonOf),
    '',
    ...(survivors.length === 0 ? ['Nothing survived.'] : ['## Survivors', '']),
    ...survivors.flatMap((mutant) => [
      `- \`${mutant.file}\`, ${mutant.operator}: \`${mutant.before}\` became \`${mutant.after}\`.`,
      `  ${reasonOf(mutant) ?? '**Not justified.**'}`,
    ]),
    '',
  ].join('\n')
  return { text, unjustified, unused }
}

function table(verdicts: readonly Verdict[], reasonOf: (mutant: Mutant) => string | undefined): string[] {
  const files = [...new Set(verdicts.map(({ mutant }) => mutant.file))]
  return files.map((file) => {
    const own = verdicts.filter(({ mutant }) => mutant.file === file)
    const count = (outcome: Verdict['outcome']) => own.filter((each) => each.outcome === outcome).length
    const excused = own.filter(
      ({ mutant, outcome }) => outcome === 'survived' && reasonOf(mutant) !== undefined,
    )
    return `| \`${file}\` | ${count('killed')} | ${count('survived')} | ${excused.length} |`
  })
}

const key = ({ file, line, operator, after }: Mutant) =>
  `${file} ${String(line).padStart(5, '0')} ${operator} ${after}`

function matches(justification: Justification, mutant: Mutant): boolean {
  const { file, before, after } = justification
  return file === mutant.file && before === mutant.before && after === mutant.after
}
