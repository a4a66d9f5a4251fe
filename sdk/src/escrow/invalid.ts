import { SluiceError } from '../errors.js'

/** What a caller got wrong: a sentence for the person, both values for the developer. */
export function invalid(message: string, details: string): SluiceError {
  return new SluiceError({ code: 'invalid-argument', message, details })
}
