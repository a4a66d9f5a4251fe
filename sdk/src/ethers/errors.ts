/** An error as an EIP-1193 provider throws it. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: number
  readonly data: unknown

  constructor(message: string, code: number, data: unknown, cause: unknown) {
    super(message, { cause })
    this.code = code
    this.data = data
  }
}

/**
 * Passes a promise through; when ethers rejects it, the error becomes one with the wallet's or node's own code, so that
 * it is understood like any wallet's.
 *
 * @param promise of an ethers signer or provider
 */
export async function asInWallets<value>(promise: Promise<value>): Promise<value> {
  return await promise.catch((error: unknown) => {
    throw unwrapped(error)
  })
}

/** ethers keeps the original under `info.error` or `error`. */
function unwrapped(error: unknown): unknown {
  if (!isObject(error)) return error
  const info = error['info']
  const original = [isObject(info) ? info['error'] : undefined, error['error']].find(isObject)
  const message = textOf(error['shortMessage']) ?? textOf(error['message']) ?? 'ethers failed'
  if (error['code'] === 'ACTION_REJECTED') return new ProviderError(message, 4001, undefined, error)
  const code = original?.['code']
  if (typeof code !== 'number') return error
  return new ProviderError(textOf(original?.['message']) ?? message, code, original?.['data'], error)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
