import { SluiceError } from '../errors.js'

/**
 * The error for something a tournament cannot be made or paid by.
 *
 * @param what its name
 * @param found what was given
 * @param expected what would have been right
 */
export function invalidTournament(what: string, found: unknown, expected: string): SluiceError {
  return new SluiceError({
    code: 'invalid-argument',
    message: 'Something about this tournament is not in the right form.',
    details: `${what}: found ${String(found)}, expected ${expected}`,
  })
}
