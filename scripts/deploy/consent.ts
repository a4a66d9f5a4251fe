/** Asks a question and gives the answer; undefined when there is nobody to ask. */
export type Ask = ((question: string) => Promise<string>) | undefined

/**
 * Whether the person agreed: by the flag, or by typing the chain's name, which nobody does by accident.
 *
 * @param chain what to type
 * @param yes whether the flag was given
 * @param ask asks on the terminal
 */
export async function agreed(chain: string, yes: boolean, ask: Ask): Promise<boolean> {
  if (yes) return true
  if (ask === undefined) return false
  return (await ask(`This costs real money. Type ${chain} to deploy: `)).trim() === chain
}
