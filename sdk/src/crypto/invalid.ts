import { SluiceError } from '../errors.js'

/**
 * The error for a value that cannot be hashed or signed as it is.
 *
 * @param what the value's name
 * @param expected what would have been right
 * @param found what came instead; never a secret
 */
export function invalidArgument(what: string, expected: string, found: unknown): SluiceError {
  return new SluiceError({
    code: 'invalid-argument',
    message: 'Something in this payment is not in the right form.',
    details: `${what}: expected ${expected}, found ${String(found)}`,
  })
}
