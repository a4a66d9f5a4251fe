import { getAddress, hashMessage, verifyMessage } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { zeroAddress, type Address, type Hex } from '@sluice/sdk'
import type { Clock, Random } from '@sluice/sdk/session'
import type { Payee } from '../payee/payee.js'
import { signInRefused, tooMany } from './refusals.js'

/** Lets the wallets of a payee in: by a message of EIP-4361 that is theirs alone, here alone, once and for minutes. */
export type SignIn = {
  /**
   * The message an address is to sign.
   *
   * @throws Refused when the address is neither the payee's nor its operator's
   */
  readonly challenge: (address: Address) => { readonly message: string; readonly expiresAtMs: number }
  /**
   * Takes a signed message, which is used up by that.
   *
   * @returns who signed it
   * @throws Refused, SluiceError `rpc-unreachable` or `rate-limited` when a wallet on the chain cannot be asked
   */
  readonly redeem: (message: string, signature: Hex) => Promise<Address>
}

/** How long a message can be signed, milliseconds. */
const patienceMs = 300_000
/** Messages that wait for a signature at a time. */
const mostWaiting = 1_000

/**
 * @param parameters
 * - `origin` of the studio's page: what a message is bound to
 */
export function createSignIn(parameters: {
  readonly payee: Pick<Payee, 'offer' | 'isValidSignature'>
  readonly origin: () => string
  readonly clock: Clock
  readonly random: Random
}): SignIn {
  const { payee, origin, clock, random } = parameters
  /** What was given out and to whom. Only the very same text is taken back, so that nothing in it needs to be read. */
  const waiting = new Map<string, { readonly address: Address; readonly expiresAtMs: number }>()

  function requireAllowed(address: Address): void {
    const { payee: wallet, operator } = payee.offer
    const allowed = operator === zeroAddress ? [wallet] : [wallet, operator]
    if (allowed.includes(address)) return
    throw signInRefused(
      'This wallet is not the one this stream pays. Choose the one it pays.',
      `${address} wants in, expected ${allowed.join(' or ')}`,
    )
  }

  function makeRoom(): void {
    for (const [message, { expiresAtMs }] of waiting) if (expiresAtMs <= clock.now()) waiting.delete(message)
    if (waiting.size >= mostWaiting) throw tooMany(`${waiting.size} messages wait for a signature`)
  }

  async function signed(address: Address, message: string, signature: Hex): Promise<boolean> {
    const byKey = await verifyMessage({ address, message, signature }).catch(() => false)
    return byKey || (await payee.isValidSignature(address, hashMessage(message), signature))
  }

  return {
    challenge(given) {
      const address = given.toLowerCase() as Address
      requireAllowed(address)
      makeRoom()
      const nowMs = clock.now()
      const expiresAtMs = nowMs + patienceMs
      const at = new URL(origin())
      const message = createSiweMessage({
        domain: at.host,
        uri: `${at.origin}/studio/`,
        address: getAddress(address),
        statement: 'Sign in to the studio of your stream. This moves no money and costs nothing.',
        chainId: payee.offer.chainId,
        nonce: Buffer.from(random(16)).toString('hex'),
        version: '1',
        issuedAt: new Date(nowMs),
        expirationTime: new Date(expiresAtMs),
      })
      waiting.set(message, { address, expiresAtMs })
      return { message, expiresAtMs }
    },
    async redeem(message, signature) {
      const found = waiting.get(message)
      if (found === undefined || found.expiresAtMs <= clock.now()) {
        throw signInRefused(
          'This message cannot be used to sign in, or not any more. Try again.',
          'the message was not given out here, was used already, or is older than five minutes',
        )
      }
      if (!(await signed(found.address, message, signature))) {
        throw signInRefused('The signature is not the wallet’s.', `expected one of ${found.address}`)
      }
      // Two that came at once with the same message were both right; only one is let in.
      if (!waiting.delete(message)) throw signInRefused('This message was used already.', 'used a moment ago')
      requireAllowed(found.address)
      return found.address
    },
  }
}
