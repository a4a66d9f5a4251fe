import { SluiceError } from '@sluice/sdk'

/**
 * What a wallet threw while it was connected, before the SDK had anything to do with it.
 *
 * @param error with a code of EIP-1193, possibly inside another
 */
export function walletErrorOf(error: unknown): SluiceError {
  const code = codeOf(error)
  const details = error instanceof Error ? error.message : String(error)
  if (code === 4001) {
    return new SluiceError({
      code: 'wallet-rejected',
      message: 'You cancelled. Nothing was charged.',
      details,
      action: 'retry',
      retryable: true,
      cause: error,
    })
  }
  if (code === -32002) {
    const message = 'Your wallet is waiting for you.'
    return new SluiceError({ code: 'wallet-pending', message, details, action: 'wait', cause: error })
  }
  return new SluiceError({ code: 'internal', message: 'Something went wrong.', details, cause: error })
}

function codeOf(error: unknown): unknown {
  let each = error
  while (typeof each === 'object' && each !== null) {
    if ('code' in each && typeof each.code === 'number') return each.code
    each = 'cause' in each ? each.cause : undefined
  }
  return undefined
}
