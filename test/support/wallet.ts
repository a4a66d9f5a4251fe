import {
  createWalletClient,
  custom,
  hexToBigInt,
  type Hex,
  type LocalAccount,
  type TypedDataDefinition,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/** What reaches the chain: a node's provider. */
export type ChainProvider = {
  readonly request: (call: { readonly method: string; readonly params?: unknown }) => Promise<unknown>
}

/** One question to the person, as the person would see it. */
export type Prompt = 'eth_sendTransaction' | 'eth_signTypedData_v4' | 'personal_sign' | 'wallet_sendCalls'

/** How the wallet behaves. */
export type Mood = {
  /** EIP-1193 error thrown at every prompt instead of doing what was asked. */
  refusal: { readonly code: number; readonly message: string } | undefined
  /** The chain the wallet says it is on, when not the node's. */
  chainId: number | undefined
  /** What it says of batches; undefined: it does not know EIP-5792. */
  batch: 'supported' | 'ready' | 'claims only' | undefined
  /** Runs before a prompt is answered: what happens on the chain while the person thinks. */
  beforeAnswer: ((prompt: Prompt) => Promise<void>) | undefined
}

/** A browser wallet with a real key over a real chain, which remembers every prompt. */
export type TestWallet = ChainProvider & {
  readonly account: LocalAccount
  readonly prompts: Prompt[]
  readonly mood: Mood
}

type RpcTransaction = { readonly to?: Hex; readonly data?: Hex; readonly value?: Hex; readonly gas?: Hex }

/** An error as wallets throw it. */
class WalletError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * A wallet with one key.
 *
 * @param chain the node it speaks to
 * @param privateKey a funded account's
 * @param initial how it behaves; can be changed later through `mood`
 */
export function createTestWallet(
  chain: ChainProvider,
  privateKey: Hex,
  initial: Partial<Mood> = {},
): TestWallet {
  const account = privateKeyToAccount(privateKey)
  const transport = custom(chain, { retryCount: 0 })
  const inner = createWalletClient({ account, transport })
  const prompts: Prompt[] = []
  const batches = new Map<string, readonly Hex[]>()
  const mood: Mood = {
    refusal: undefined,
    chainId: undefined,
    batch: undefined,
    beforeAnswer: undefined,
    ...initial,
  }

  const ask = async (prompt: Prompt) => {
    prompts.push(prompt)
    await mood.beforeAnswer?.(prompt)
    if (mood.refusal !== undefined) throw new WalletError(mood.refusal.code, mood.refusal.message)
  }
  const send = ({ to, data, value, gas }: RpcTransaction) =>
    inner.sendTransaction({
      chain: null,
      ...(to === undefined ? {} : { to }),
      ...(data === undefined ? {} : { data }),
      ...(value === undefined ? {} : { value: hexToBigInt(value) }),
      ...(gas === undefined ? {} : { gas: hexToBigInt(gas) }),
    })
  const requireBatches = () => {
    if (mood.batch === undefined || mood.batch === 'claims only') {
      throw new WalletError(-32601, 'the method does not exist')
    }
  }

  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    switch (method) {
      case 'eth_accounts':
      case 'eth_requestAccounts':
        return [account.address]
      case 'eth_chainId':
        return mood.chainId === undefined ? await chain.request({ method }) : `0x${mood.chainId.toString(16)}`
      case 'wallet_switchEthereumChain':
        mood.chainId = undefined
        return null
      case 'eth_sendTransaction':
        await ask(method)
        return await send(params[0] as RpcTransaction)
      case 'eth_signTypedData_v4':
        await ask(method)
        return await account.signTypedData(JSON.parse(params[1] as string) as TypedDataDefinition)
      case 'personal_sign':
        await ask(method)
        return await account.signMessage({ message: { raw: params[0] as Hex } })
      case 'wallet_getCapabilities': {
        if (mood.batch === undefined) throw new WalletError(-32601, 'the method does not exist')
        const status = mood.batch === 'claims only' ? 'supported' : mood.batch
        const chainId = (await chain.request({ method: 'eth_chainId' })) as Hex
        return { [chainId]: { atomic: { status } } }
      }
      case 'wallet_sendCalls': {
        requireBatches()
        await ask(method)
        const hashes: Hex[] = []
        for (const call of (params[0] as { readonly calls: readonly RpcTransaction[] }).calls) {
          hashes.push(await send(call))
        }
        const id = `0x${String(batches.size + 1).padStart(64, '0')}`
        batches.set(id, hashes)
        return { id }
      }
      case 'wallet_getCallsStatus': {
        requireBatches()
        const hashes = batches.get(params[0] as string) ?? []
        const receipts = await Promise.all(
          hashes.map((hash) => chain.request({ method: 'eth_getTransactionReceipt', params: [hash] })),
        )
        const chainId = await chain.request({ method: 'eth_chainId' })
        return { version: '2.0.0', id: params[0], chainId, atomic: true, status: 200, receipts }
      }
      default:
        if (method.startsWith('wallet_')) throw new WalletError(-32601, 'the method does not exist')
        return await chain.request({ method, params })
    }
  }

  return {
    account,
    prompts,
    mood,
    request: async ({ method, params }) => await answer(method, (params ?? []) as readonly unknown[]),
  }
}
