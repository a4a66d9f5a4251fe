import { SluiceError } from '@sluice/sdk'
import { walletErrorOf } from '../../wallet/errors.ts'
import { LimitError } from '../../limits/guard.ts'
import type { Problem } from './state.ts'

/** Anything that was thrown, as something the person can read. */
export function problemOf(error: unknown): Problem {
  if (error instanceof LimitError) return { kind: 'limit', reached: error.reached }
  return { kind: 'sluice', error: error instanceof SluiceError ? error : walletErrorOf(error) }
}
