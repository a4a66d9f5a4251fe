import { SluiceError, type SluiceErrorParameters } from '../errors.js'
import type { Hex } from '../types.js'

/** What is known where an error surfaced. */
export type ErrorContext = {
  /** Name of the chain the payment belongs on, such as `Base`. */
  readonly chainName?: string | undefined
  /** What is paid for, such as `This stream`; default `This`. */
  readonly subject?: string | undefined
}

type Mapped = Omit<SluiceErrorParameters, 'details' | 'cause'>

const rejected: Mapped = {
  code: 'wallet-rejected',
  message: 'You cancelled. Nothing was charged.',
  action: 'retry',
  retryable: true,
}

const pending: Mapped = { code: 'wallet-pending', message: 'Your wallet is waiting for you.', action: 'wait' }

const disconnected: Mapped = {
  code: 'wallet-disconnected',
  message: 'The wallet is disconnected.',
  action: 'reconnect-wallet',
  retryable: true,
}

const wrongChain = ({ chainName = 'another chain', subject = 'This' }: ErrorContext): Mapped => ({
  code: 'wrong-chain',
  message: `${subject} is paid on ${chainName}.`,
  action: 'switch-chain',
  retryable: true,
})

const insufficientGas: Mapped = {
  code: 'insufficient-gas',
  message: 'There is too little in this wallet for the network fee.',
  action: 'add-funds',
  retryable: true,
}

const unreachable: Mapped = {
  code: 'rpc-unreachable',
  message: 'The network does not answer. Nothing was charged.',
  action: 'retry',
  retryable: true,
}

const reverted: Mapped = {
  code: 'transaction-reverted',
  message: 'The transaction would fail. Nothing was charged.',
}

/** EIP-1193, EIP-1474 and EIP-5792 codes. */
const byCode: ReadonlyMap<number | string, (context: ErrorContext) => Mapped> = new Map<
  number | string,
  (context: ErrorContext) => Mapped
>([
  [4001, () => rejected],
  [5000, () => rejected], // WalletConnect's user rejection (CAIP-25)
  ['ACTION_REJECTED', () => rejected], // ethers
  [-32002, () => pending],
  [4100, () => disconnected],
  [4900, () => disconnected],
  [4901, wrongChain],
  [4902, wrongChain],
  [5710, wrongChain],
  [-32005, () => unreachable], // the node's request limit
  ['INSUFFICIENT_FUNDS', () => insufficientGas],
  ['NETWORK_ERROR', () => unreachable],
  ['TIMEOUT', () => unreachable],
])

/** viem's errors that carry no code. */
const byName: ReadonlyMap<string, (context: ErrorContext) => Mapped> = new Map<
  string,
  (context: ErrorContext) => Mapped
>([
  ['AccountNotFoundError', () => disconnected],
  ['ChainMismatchError', wrongChain],
  ['InsufficientFundsError', () => insufficientGas],
  ['HttpRequestError', () => unreachable],
  ['WebSocketRequestError', () => unreachable],
  ['SocketClosedError', () => unreachable],
  ['TimeoutError', () => unreachable],
  ['ExecutionRevertedError', () => reverted],
])

/** What wallets and nodes say when they use no code of their own for it. */
const byText: readonly (readonly [pattern: RegExp, mapped: (context: ErrorContext) => Mapped])[] = [
  [/user (rejected|denied|cancelled|canceled)/i, () => rejected],
  [/insufficient funds|doesn't have enough funds/i, () => insufficientGas],
  [/fetch failed|ECONNREFUSED|ENOTFOUND|ECONNRESET|failed to fetch/i, () => unreachable],
  [/execution reverted/i, () => reverted],
]

/**
 * Any error of a wallet, a node, viem or ethers as a `SluiceError`, except that a revert of the contract is only said
 * to be one: `toSluiceError` reads its reason.
 *
 * @param error whatever was thrown; a `SluiceError` comes back unchanged
 * @param context what is known where it surfaced
 */
export function walletError(error: unknown, context: ErrorContext = {}): SluiceError {
  if (error instanceof SluiceError) return error
  const chain = causes(error)
  const details = describe(chain)
  for (const link of chain) {
    const mapped = byCode.get(codeOf(link) ?? '')
    if (mapped !== undefined) return new SluiceError({ ...mapped(context), details, cause: error })
  }
  for (const link of chain) {
    const mapped = link instanceof Error ? byName.get(link.name) : undefined
    if (mapped !== undefined) return new SluiceError({ ...mapped(context), details, cause: error })
  }
  const mapped = byText.find(([pattern]) => pattern.test(details))?.[1]
  if (mapped !== undefined) return new SluiceError({ ...mapped(context), details, cause: error })
  return new SluiceError({
    code: 'internal',
    message: 'Something went wrong. Nothing was charged.',
    details,
    cause: error,
  })
}

/**
 * What a call reverted with, when the error tells; undefined when it is no revert or the node keeps it to itself.
 *
 * @param error as thrown by viem, ethers or an EIP-1193 provider
 */
export function revertDataOf(error: unknown): Hex | undefined {
  for (const link of causes(error)) {
    for (const data of [link['raw'], link['data']]) {
      if (typeof data === 'string' && /^0x([0-9a-f]{2}){4,}$/i.test(data)) return data as Hex
    }
  }
  return undefined
}

/** Whether the node could not be asked at all, as opposed to having answered with an error. */
export function isUnreachable(error: unknown): boolean {
  return walletError(error).code === 'rpc-unreachable'
}

type Link = Readonly<Record<string, unknown>>

/** Everything an error wraps, outermost first: causes, and where MetaMask and ethers put theirs. */
function causes(error: unknown): readonly Link[] {
  const found: Link[] = []
  const queue: unknown[] = [error]
  while (queue.length > 0 && found.length < 32) {
    const next = queue.shift()
    if (!isObject(next) || found.includes(next)) continue
    found.push(next)
    queue.push(next['cause'], next['data'], next['originalError'], next['info'], next['error'])
  }
  return found
}

function isObject(value: unknown): value is Link {
  return typeof value === 'object' && value !== null
}

function codeOf(link: Link): number | string | undefined {
  const code = link['code']
  return typeof code === 'number' || typeof code === 'string' ? code : undefined
}

function describe(chain: readonly Link[]): string {
  const parts = chain.map((link) => {
    const text = link['shortMessage'] ?? link['message']
    return [codeOf(link), text].filter((part) => part !== undefined && part !== '').join(' ')
  })
  const details = chain.map((link) => link['details']).filter((text) => typeof text === 'string')
  return [...new Set([...parts, ...details])].filter((part) => part !== '').join(' < ')
}
