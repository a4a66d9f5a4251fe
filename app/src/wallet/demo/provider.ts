import {
  createWalletClient,
  hexToBigInt,
  hexToString,
  http,
  isHex,
  type Hex,
  type TypedDataDefinition,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { PageConfig } from '../../config/config.ts'
import { chainOf } from '../chain.ts'
import type { Provider } from '../discovery.ts'
import type { Question, Questions } from './questions.ts'

export type DemoProviderParameters = {
  readonly key: Hex
  readonly config: PageConfig
  readonly questions: Questions
}

type RpcTransaction = { readonly to?: Hex; readonly data?: Hex; readonly value?: Hex; readonly gas?: Hex }

/** An error as wallets throw it (EIP-1193). */
class ProviderError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** A wallet with one well-known key, which asks before it signs. */
export function createDemoProvider({ key, config, questions }: DemoProviderParameters): Provider {
  const account = privateKeyToAccount(key)
  const chain = chainOf(config)
  const client = createWalletClient({ account, chain, transport: http(config.rpcUrl, { retryCount: 0 }) })
  let connected = false

  async function ask(kind: Question['kind'], facts: Question['facts']): Promise<void> {
    if (await questions.ask({ kind, account: account.address, facts })) return
    throw new ProviderError(4001, 'The person declined.')
  }

  async function connect(): Promise<readonly Hex[]> {
    if (!connected) await ask('connect', [])
    connected = true
    return [account.address]
  }

  async function send({ to, data, value, gas }: RpcTransaction): Promise<Hex> {
    await ask('transaction', [
      ['to', to ?? '–'],
      ['data', data === undefined ? '–' : `${data.slice(0, 10)}… (${String((data.length - 2) / 2)} bytes)`],
      ['value', `${value === undefined ? '0' : hexToBigInt(value).toString()} wei`],
    ])
    return client.sendTransaction({
      ...(to === undefined ? {} : { to }),
      ...(data === undefined ? {} : { data }),
      ...(value === undefined ? {} : { value: hexToBigInt(value) }),
      ...(gas === undefined ? {} : { gas: hexToBigInt(gas) }),
    })
  }

  async function signTypedData(text: string): Promise<Hex> {
    const data = JSON.parse(text) as TypedDataDefinition & { readonly message: Record<string, unknown> }
    const facts = Object.entries(data.message).map(([name, value]) => [name, factOf(value)] as const)
    await ask('typedData', [['type', data.primaryType], ...facts])
    return account.signTypedData(data)
  }

  async function signMessage(raw: Hex): Promise<Hex> {
    await ask('message', [['message', isHex(raw) ? hexToString(raw) : raw]])
    return account.signMessage({ message: { raw } })
  }

  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case 'eth_accounts':
        return [account.address]
      case 'eth_requestAccounts':
        return connect()
      case 'eth_chainId':
        return `0x${chain.id.toString(16)}`
      case 'eth_sendTransaction':
        return send(params[0] as RpcTransaction)
      case 'eth_signTypedData_v4':
        return signTypedData(params[1] as string)
      case 'personal_sign':
        return signMessage(params[0] as Hex)
      default:
        if (method.startsWith('wallet_')) throw new ProviderError(4200, `${method} is not supported`)
        return client.request({ method, params } as Parameters<typeof client.request>[0])
    }
  }

  return { request: ({ method, params }) => answer(method, Array.isArray(params) ? params : []) }
}

function factOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
