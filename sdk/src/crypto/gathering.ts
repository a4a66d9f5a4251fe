import type { Deployment, Hex } from '../types.js'
import { writeHex } from './bytes.js'
import type { EcdsaBatch, EcdsaCheck, SluiceCrypto } from './crypto.js'
import { createDigests } from './digests.js'
import { parseEcdsa } from './ecdsa.js'
import { digestOrNothing, type StreamVerifier } from './verifier.js'

/**
 * Gives a verifier its `gatherVoucher`, where the cryptography checks several signatures faster together than one by one.
 *
 * Together with others only a key says yes that signed before; all else, and every no, is found out by the verifier alone.
 *
 * @param verifier of the same cryptography and deployment
 * @param soon calls back before long, when what is coming in now has come in, such as Node's `setImmediate`
 * @returns the verifier as it was where nothing is gained
 */
export function gatherVouchers(
  crypto: SluiceCrypto,
  deployment: Deployment,
  verifier: StreamVerifier,
  soon: (run: () => void) => void,
): StreamVerifier {
  const { batch } = crypto.secp256k1
  if (batch === undefined) return verifier
  const gathering = createGathering(batch, soon)
  const digests = createDigests(crypto, deployment)
  const scratch = { short: new Uint8Array(64), long: new Uint8Array(65), rs: new Uint8Array(64) }
  // Outside of V8's heap, from where it would first be moved each time it is handed to compiled code.
  const hash = new Uint8Array(new ArrayBuffer(32))

  function parsed(signature: Hex): Uint8Array | undefined {
    const { short, long, rs } = scratch
    if (writeHex(signature, 65, long, 0)) return parseEcdsa(long, rs)?.rs
    return writeHex(signature, 64, short, 0) ? parseEcdsa(short, rs)?.rs : undefined
  }

  return {
    ...verifier,
    gatherVoucher: (signer, voucher, answer) => {
      const alone = (): boolean | Promise<boolean> => verifier.verifyVoucher(signer, voucher)
      const check = verifier.checkOf(signer)
      const rs = check !== undefined && batch.takes(check) ? parsed(voucher.signature) : undefined
      const digest =
        rs && digestOrNothing(() => digests.voucher(voucher.channelId, voucher.cumulativeAmount, hash))
      if (check === undefined || rs === undefined || digest === undefined) {
        answer(alone())
        return
      }
      gathering.add(check, digest, rs, (valid) => {
        answer(valid || alone())
      })
    },
  }
}

/** Checks that are made together, once what is coming in now has come in. */
type Gathering = {
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
function createGathering(batch: EcdsaBatch, soon: (run: () => void) => void): Gathering {
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
