import { SluiceError } from '../errors.js'

/** What went wrong, as everything in the SDK tells it. */
export function problemOf(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error
  const details = error instanceof Error ? error.message : String(error)
  return new SluiceError({ code: 'internal', message: 'Something went wrong.', details, cause: error })
}

/** Nobody connected a wallet yet. */
export function noWallet(): SluiceError {
  return new SluiceError({
    code: 'wallet-disconnected',
    message: 'No wallet is connected.',
    details: 'it was made without a wallet; connect one with wagmi first',
    action: 'reconnect-wallet',
  })
}
