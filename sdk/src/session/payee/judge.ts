import { SluiceError } from '../../errors.js'
import type { SignatureVerifier } from '../../types.js'
import type { VoucherMessage } from '../messages.js'
import type { Clock, PayeeRecord } from '../ports.js'
import type { GrantOutcome } from './channelPorts.js'
import { screenVoucher } from './screen.js'
import type { PayeeInput, Screening } from './state.js'

export type JudgeParameters = {
  readonly verifier: SignatureVerifier
  readonly clock: Clock
  readonly record: () => PayeeRecord
  /** What the record says may not be stored: nothing can be accepted. */
  readonly broken: () => boolean
  /** Reads the chain again. */
  readonly refresh: ((record: PayeeRecord) => Promise<void>) | undefined
  readonly step: (input: PayeeInput, done: () => void) => void
}

/** One of `settle` and `fail` is called, once. */
export type Judge = (
  voucher: Omit<VoucherMessage, 'type'>,
  settle: (outcome: GrantOutcome) => void,
  fail: (error: unknown) => void,
) => void

/**
 * Checks vouchers and has those stored that are good and new. It answers by callbacks, because most answers are there
 * at once and a promise would cost as much as the rest.
 */
export function createJudge(parameters: JudgeParameters): Judge {
  const { verifier, clock, record, broken, refresh, step } = parameters

  const judge: Judge = (voucher, settle, fail) => {
    if (broken()) return settle(storeFailed)
    const screening = screenVoucher(record(), voucher, clock.now())
    const isTooHigh = screening.verdict === 'refuse' && screening.code === 'amount-exceeds-deposit'
    if (!isTooHigh || refresh === undefined) return weigh(voucher, screening, settle, fail)
    refresh(record()).then(() => {
      weigh(voucher, screenVoucher(record(), voucher, clock.now()), settle, fail)
    }, fail)
  }

  function weigh(
    voucher: Parameters<Judge>[0],
    screening: Screening,
    settle: (outcome: GrantOutcome) => void,
    fail: (error: unknown) => void,
  ): void {
    const { verdict } = screening
    if (verdict === 'equal' || verdict === 'lower') return settle({ kind: verdict })
    if (verdict === 'refuse') {
      return settle({ kind: 'refused', code: screening.code, details: screening.details })
    }
    const { channelId, cumulative, signature } = voucher
    const { signer } = record().channel
    const judged = (valid: boolean): void => {
      if (!valid) {
        const details = `the voucher over ${cumulative} is not signed by ${signer}`
        return settle({ kind: 'refused', code: 'invalid-signature', details })
      }
      step({ type: 'voucher', cumulative, signature, nowMs: clock.now() }, () => {
        settle(broken() ? storeFailed : { kind: 'accepted' })
      })
    }
    const signed = { channelId, cumulativeAmount: cumulative, signature }
    if (verifier.gatherVoucher !== undefined) {
      verifier.gatherVoucher(signer, signed, (valid) => {
        // Others of the same gathering are answered after this one, whatever becomes of it.
        attempt(() => hear(valid, judged, fail), fail)
      })
      return
    }
    const valid = attempt(() => verifier.verifyVoucher(signer, signed), fail)
    if (valid !== undefined) hear(valid, judged, fail)
  }

  return judge
}

function hear(
  valid: boolean | Promise<boolean>,
  judged: (valid: boolean) => void,
  fail: (error: unknown) => void,
): void {
  if (typeof valid === 'boolean') judged(valid)
  else valid.then(judged, fail)
}

/** A verifier that throws has said nothing of the voucher. */
function attempt<value>(work: () => value, fail: (error: unknown) => void): value | undefined {
  try {
    return work()
  } catch (error) {
    fail(error)
    return undefined
  }
}

const storeFailed: GrantOutcome = {
  kind: 'refused',
  code: 'store-failed',
  details: 'the payee cannot store the voucher now',
}

/** What a voucher is told when the payee failed at it. */
export function refusedBecause(error: unknown): GrantOutcome {
  const known = error instanceof SluiceError ? error : undefined
  return {
    kind: 'refused',
    code: known?.code ?? 'internal',
    details: known?.details ?? 'something went wrong at the payee',
  }
}
