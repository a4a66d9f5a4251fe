/** One small change to one source file. */
export type Mutant = {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** The kind of change. */
  readonly operator: string
  /** The line, or the statement, before and after. */
  readonly before: string
  readonly after: string
  /** The whole file with the change in it. */
  readonly source: string
}

type Rule = {
  readonly operator: string
  readonly pattern: RegExp
  /** Given the match, what may stand in its place. */
  readonly replacements: (match: RegExpExecArray) => readonly string[]
}

const swap = (table: Readonly<Record<string, readonly string[]>>) => (match: RegExpExecArray) =>
  table[match[0].trim()]?.map((other) => match[0].replace(match[0].trim(), other)) ?? []

/** Rules that change something within a line. */
const rules: readonly Rule[] = [
  {
    operator: 'comparison',
    pattern: / (<=|>=|<|>|==|!=) /g,
    replacements: swap({
      '<': ['<=', '>='],
      '<=': ['<', '>'],
      '>': ['>=', '<='],
      '>=': ['>', '<'],
      '==': ['!='],
      '!=': ['=='],
    }),
  },
  {
    operator: 'arithmetic',
    pattern: / (\+=|\+|-|\*|\/|%) /g,
    replacements: swap({ '+': ['-'], '-': ['+'], '*': ['+'], '/': ['*'], '%': ['*'], '+=': ['=', '-='] }),
  },
  {
    operator: 'bits',
    pattern: / (<<|>>|\||&|\^) /g,
    replacements: swap({ '<<': ['>>'], '>>': ['<<'], '|': ['&'], '&': ['|'], '^': ['&'] }),
  },
  { operator: 'complement', pattern: /~(?=\w)/g, replacements: () => [''] },
  { operator: 'logic', pattern: / (&&|\|\|) /g, replacements: swap({ '&&': ['||'], '||': ['&&'] }) },
  { operator: 'negation', pattern: /!(?=[\w(])/g, replacements: () => [''] },
  {
    operator: 'truth',
    pattern: /\b(true|false)\b/g,
    replacements: swap({ true: ['false'], false: ['true'] }),
  },
  {
    operator: 'number',
    pattern: /(?<![\w."])(0x[0-9a-f]+|\d+)(?![\w."])/g,
    replacements: ([text]) =>
      text.startsWith('0x') ? [`0x${(BigInt(text) + 1n).toString(16)}`] : [(BigInt(text) + 1n).toString()],
  },
  {
    operator: 'party',
    pattern: /\.(payer|payee|operator|receiver|feeRecipient|host|referee)\b/g,
    replacements: swap({
      '.payer': ['.payee', '.operator', '.receiver'],
      '.payee': ['.payer', '.operator'],
      '.operator': ['.payer', '.payee'],
      '.receiver': ['.payer', '.operator'],
      '.feeRecipient': ['.receiver'],
      '.host': ['.referee'],
      '.referee': ['.host'],
    }),
  },
  {
    operator: 'field',
    pattern:
      /\.(authorized|released|pending|disputed|minFeeBps|maxFeeBps|captureDeadline|refundDeadline|disputeWindow|rulingWindow|paidFrom|paidUntil|bond|challengeBond|stake|unpaid|rakeLeft|joinDeadline|resultDeadline|challengeWindow)\b/g,
    replacements: swap({
      '.authorized': ['.released'],
      '.released': ['.authorized'],
      '.pending': ['.disputed'],
      '.disputed': ['.pending'],
      '.minFeeBps': ['.maxFeeBps'],
      '.maxFeeBps': ['.minFeeBps'],
      '.captureDeadline': ['.refundDeadline'],
      '.refundDeadline': ['.captureDeadline'],
      '.disputeWindow': ['.rulingWindow'],
      '.rulingWindow': ['.disputeWindow', '.challengeWindow'],
      '.paidFrom': ['.paidUntil'],
      '.paidUntil': ['.paidFrom'],
      '.bond': ['.stake'],
      '.challengeBond': ['.bond'],
      '.stake': ['.bond'],
      '.unpaid': ['.rakeLeft'],
      '.rakeLeft': ['.unpaid'],
      '.joinDeadline': ['.resultDeadline'],
      '.resultDeadline': ['.joinDeadline'],
      '.challengeWindow': ['.rulingWindow'],
    }),
  },
  {
    operator: 'amount',
    pattern: /\b(cumulativeAmount|capturedAmount|captured|claimed|refunded|deposited)\b(?![(:]| =)/g,
    replacements: swap({
      cumulativeAmount: ['capturedAmount'],
      capturedAmount: ['cumulativeAmount'],
      captured: ['claimed', 'refunded'],
      claimed: ['captured'],
      refunded: ['captured', 'claimed'],
      deposited: ['amount'],
    }),
  },
  { operator: 'guard', pattern: / nonReentrant\b/g, replacements: () => [''] },
  { operator: 'unchecked', pattern: /\bunchecked \{/g, replacements: () => ['{'] },
  {
    operator: 'opcode',
    pattern: /(?<=[ (])(and|or|gt|shr|add)(?=\()/g,
    replacements: swap({ and: ['or'], or: ['and'], gt: ['lt'], shr: ['shl'], add: ['sub'] }),
  },
]

/** Whether a line holds no code that could be changed. */
function isInert(line: string): boolean {
  return /^\s*(\/\/|\/\*|\*|import\b|pragma\b|error\b|event\b|using\b|library\b|contract\b|$)/.test(line)
}

/** The line without what follows `//`, so that prose is not changed. */
function codeOf(line: string): string {
  const comment = line.indexOf('//')
  return comment < 0 ? line : line.slice(0, comment)
}

/** Every mutant of a source file. Some will not compile; the compiler sorts them out. */
export function mutantsOf(file: string, source: string): Mutant[] {
  return [...withinLines(file, source), ...conditions(file, source), ...deletions(file, source)]
}

function withinLines(file: string, source: string): Mutant[] {
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    if (isInert(line)) return []
    const code = codeOf(line)
    return rules.flatMap(({ operator, pattern, replacements }) =>
      [...code.matchAll(pattern)].flatMap((match) =>
        replacements(match).map((replacement) => {
          const changed = line.slice(0, match.index) + replacement + line.slice(match.index + match[0].length)
          return mutant(file, source, operator, index, line, changed, lines.with(index, changed).join('\n'))
        }),
      ),
    )
  })
}

/** Each condition made false, and true: the check or branch gone, and taken always. */
function conditions(file: string, source: string): Mutant[] {
  return [...source.matchAll(/\bif (\(|(?=\w+\())/g)].flatMap((match) => {
    const open = source.indexOf('(', match.index + 3)
    const from = match[1] === '(' ? open : match.index + 3
    const to = closing(source, open) + 1
    const inAssembly = match[1] !== '('
    return ['false', 'true'].map((truth) => {
      const condition = inAssembly ? (truth === 'true' ? '1' : '0') : `(${truth})`
      return replaced(file, source, 'condition', from, to, condition)
    })
  })
}

/** Each statement that calls, emits or assigns, gone. */
function deletions(file: string, source: string): Mutant[] {
  const statement =
    /^[ ]+(?!return\b|revert\b|let\b|if\b|else\b|for\b|error\b|using\b|function\b|import\b)[\w.]+(?: \w+)?(?:\(| = | \+= |\.)/gm
  const found: Mutant[] = []
  for (const match of source.matchAll(statement)) {
    const from = match.index + match[0].search(/\S/)
    const lineEnd = source.indexOf('\n', from)
    const end =
      source.slice(from, lineEnd).includes(';') || !isInAssembly(source, from)
        ? source.indexOf(';', from) + 1
        : lineEnd
    const text = source.slice(from, end)
    // Declarations are needed below, and types or parameters are no statements.
    if (
      /^(u?int\d*|bytes\d*|bool|address|string|ChannelSlot|\w+ (private|internal|public|constant)\b)/.test(
        text,
      )
    )
      continue
    if (/[{}]/.test(text.replace(/\{ ?\w+:[^}]*\}/g, ''))) continue
    found.push(replaced(file, source, 'deletion', from, end, isInAssembly(source, from) ? '' : '{}'))
  }
  return found
}

function isInAssembly(source: string, at: number): boolean {
  const start = source.lastIndexOf('assembly (', at)
  if (start < 0) return false
  return closing(source, source.indexOf('{', start)) > at
}

/** The index of the bracket that closes the one at `open`. */
function closing(source: string, open: number): number {
  let depth = 0
  for (let index = open; index < source.length; index++) {
    if ('({['.includes(source[index] ?? '')) depth++
    else if (')}]'.includes(source[index] ?? '') && --depth === 0) return index
  }
  return source.length
}

function replaced(
  file: string,
  source: string,
  operator: string,
  from: number,
  to: number,
  by: string,
): Mutant {
  const index = source.slice(0, from).split('\n').length - 1
  const start = source.lastIndexOf('\n', from) + 1
  const lineEnd = source.indexOf('\n', to)
  const before = source.slice(start, lineEnd)
  const after = source.slice(start, from) + by + source.slice(to, lineEnd)
  return mutant(file, source, operator, index, before, after, source.slice(0, from) + by + source.slice(to))
}

function mutant(
  file: string,
  original: string,
  operator: string,
  index: number,
  before: string,
  after: string,
  source: string,
): Mutant {
  if (source === original) throw new Error(`A mutant of ${file} changes nothing: ${before}`)
  const flat = (text: string) => text.replace(/\s+/g, ' ').trim()
  return { file, line: index + 1, operator, before: flat(before), after: flat(after), source }
}
