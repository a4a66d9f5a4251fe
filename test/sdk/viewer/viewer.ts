import { SluiceError } from '@sluice/sdk'
import { createStream, type Consent, type StreamHands } from '../../../sdk/dist/viewer/stream.js'
import { createWorld } from '../session/world.js'

/** A stream over a real session with a payee in the same process; the chain is played by the test. */
export function createViewer(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld(options)
  const finished: Consent[] = []
  let ids = 0
  const hands: StreamHands = {
    clock: world.clock,
    newId: () => `tip-${(ids += 1)}`,
    deposit: async (amount) => {
      const deposited = world.chain.state.deposited + amount
      world.chain.state = { ...world.chain.state, deposited }
      return deposited
    },
    finish: async (consent) => {
      finished.push(consent)
      const { deposited } = world.chain.state
      return {
        captured: consent.capturedAmount,
        refunded: deposited - consent.capturedAmount,
        transaction: `0x${'dd'.repeat(32)}`,
      }
    },
  }
  const session = world.payer()
  const stream = createStream(session, hands)
  session.start()
  return { world, session, stream, finished }
}

/** What became of a promise by now. */
export function watch<Value>(promise: Promise<Value>) {
  const seen: { value?: Value; error?: unknown; done: boolean } = { done: false }
  promise.then(
    (value) => Object.assign(seen, { value, done: true }),
    (error: unknown) => Object.assign(seen, { error, done: true }),
  )
  return seen
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof SluiceError ? error.code : String(error)
}
