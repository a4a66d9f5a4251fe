import type { EcdsaBatch, EcdsaCheck } from './crypto.js'

export type Gathering = {
  /** Takes a check in; `answer` is told soon. Both arrays may be used again at once. */
  readonly add: (
    check: EcdsaCheck,
    digest: Uint8Array,
    rs: Uint8Array,
    answer: (valid: boolean) => void,
  ) => void
}

/**
 * Gathers checks of signatures and makes them together.
 *
 * @param batch makes them
 * @param soon calls back before long, when what is coming in now has come in, such as Node's `setImmediate`
 */
export function createGathering(batch: EcdsaBatch, soon: (run: () => void) => void): Gathering {
  // Memory outside of V8's heap, from where it would first be moved each time it is handed to compiled code.
  const digests = new Uint8Array(new ArrayBuffer(32 * batch.size))
  const signatures = new Uint8Array(new ArrayBuffer(64 * batch.size))
  let checks: EcdsaCheck[] = []
  let answers: ((valid: boolean) => void)[] = []
  let isAwaited = false

  function run(): void {
    if (checks.length === 0) return
    const good = batch.run(checks, digests, signatures)
    // An answer may lead to the next check.
    const answered = answers
    checks = []
    answers = []
    answered.forEach((answer, index) => {
      answer(((good >>> index) & 1) === 1)
    })
  }

  return {
    add: (check, digest, rs, answer) => {
      digests.set(digest, 32 * checks.length)
      signatures.set(rs, 64 * checks.length)
      checks.push(check)
      answers.push(answer)
      if (checks.length === batch.size) return run()
      if (isAwaited) return
      isAwaited = true
      soon(() => {
        isAwaited = false
        run()
      })
    },
  }
}
