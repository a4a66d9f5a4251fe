import { InvalidArgumentError } from 'commander'
import { usageError } from './exit.js'
import type { Io } from './io.js'
import { openPrompts } from './prompts.js'

/** One question, for when no flag answers it. */
export type Question<Answer> = {
  readonly question: string
  /** The flag that would have answered. */
  readonly flag: string
  /** Reads an answer; throws `InvalidArgumentError` for one that it cannot read. */
  readonly parse: (text: string) => Answer
  readonly initial?: string
}

/**
 * Asks until the answer can be read.
 *
 * @param io tells whether somebody can be asked
 * @param asked the question
 * @throws CommandError exit code 2 when nobody can be asked
 */
export async function ask<Answer>(io: Io, asked: Question<Answer>): Promise<Answer> {
  const { question, flag, parse, initial } = asked
  const prompts = await openPrompts(io)
  if (prompts === undefined) {
    throw usageError(`${flag} is missing.`, `Add ${flag}, or run it on a terminal to be asked.`)
  }
  const problem = (answer: string): string | undefined => {
    try {
      parse(answer)
      return undefined
    } catch (error) {
      if (error instanceof InvalidArgumentError) return error.message
      throw error
    }
  }
  return parse(await prompts.text(question, initial === undefined ? { problem } : { problem, initial }))
}
