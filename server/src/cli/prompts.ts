import { interrupted, refused } from './exit.js'
import type { Io } from './io.js'

/** Questions to a person. Each throws exit code 130 when the person presses Ctrl-C. */
export type Prompts = {
  readonly text: (question: string, options?: TextOptions) => Promise<string>
  readonly secret: (question: string) => Promise<string>
  readonly yes: (question: string) => Promise<boolean>
  readonly choose: (question: string, choices: readonly Choice[]) => Promise<string>
}

export type Choice = { readonly value: string; readonly label: string }

export type TextOptions = {
  readonly initial?: string
  /** What is wrong with an answer; undefined: nothing. */
  readonly problem?: (answer: string) => string | undefined
}

/**
 * Asks on the terminal; undefined when nobody is there to answer.
 *
 * @param io tells whether somebody is
 */
export async function openPrompts({ terminal }: Io): Promise<Prompts | undefined> {
  if (terminal === undefined) return undefined
  const clack = await import('@clack/prompts')
  const at = { input: terminal.keys, output: terminal.screen }
  async function answered<Value>(question: Promise<Value | symbol>): Promise<Value> {
    const answer = await question
    if (clack.isCancel(answer)) throw interrupted()
    return answer as Value
  }
  return {
    text: async (message, options = {}) => {
      const { initial, problem } = options
      return answered<string>(
        clack.text({
          message,
          ...at,
          ...(initial === undefined ? {} : { initialValue: initial }),
          ...(problem === undefined ? {} : { validate: (answer) => problem(answer ?? '') }),
        }),
      )
    },
    secret: async (message) => answered<string>(clack.password({ message, ...at })),
    choose: async (message, choices) =>
      answered<string>(clack.select({ message, ...at, options: [...choices] })),
    yes: async (message) => answered<boolean>(clack.confirm({ message, ...at, initialValue: false })),
  }
}

/**
 * Goes on only when somebody said yes, by the flag or on the terminal.
 *
 * @param io tells whether somebody can be asked
 * @param question what is about to happen
 * @param yes whether `--yes` was given
 * @throws CommandError exit code 3 when nobody said yes
 */
export async function requireYes(io: Io, question: string, yes: boolean): Promise<void> {
  if (yes) return
  const prompts = await openPrompts(io)
  if (prompts === undefined) throw refused('Nothing was sent.', 'Add --yes to go ahead.')
  if (!(await prompts.yes(question))) throw refused('Nothing was sent.', 'You said no.')
}
