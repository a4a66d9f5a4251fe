import { getBalance, getCode } from 'viem/actions'
import { erc20Abi } from '../abi/erc20.js'
import { SluiceError } from '../errors.js'
import { zeroAddress, type Address } from '../types.js'
import { contextOf, type ChainClient } from '../chain/context.js'
import type { TokenUnits } from '../chain/format.js'
import { nativeUnits } from '../chain/preflight.js'
import { tryRead } from '../chain/read.js'
import { walletError } from '../chain/walletErrors.js'

/** A token as one owner sees it. */
export type TokenFacts = TokenUnits & {
  readonly address: Address
  /** Base units the owner holds. */
  readonly balance: bigint
  /** Base units the owner lets the contract take; zero for the native coin. */
  readonly allowance: bigint
}

/**
 * Reads a token's units and what the owner holds of it.
 *
 * @param client any viem client
 * @param token zero: the native coin
 * @param owner who pays
 * @param spender the contract
 * @throws SluiceError `wrong-token` when there is no ERC-20 token at the address
 */
export async function readToken(
  client: ChainClient,
  token: Address,
  owner: Address,
  spender: Address,
): Promise<TokenFacts> {
  if (token === zeroAddress) {
    const balance = await getBalance(client, { address: owner }).catch((error: unknown) => {
      throw walletError(error, contextOf(client))
    })
    return { ...nativeUnits(client), address: token, balance, allowance: 0n }
  }
  const shared = { address: token, abi: erc20Abi } as const
  const [balance, allowance, symbol, decimals] = await Promise.all([
    tryRead(client, { ...shared, functionName: 'balanceOf', args: [owner] }),
    tryRead(client, { ...shared, functionName: 'allowance', args: [owner, spender] }),
    tryRead(client, { ...shared, functionName: 'symbol', args: [] }),
    tryRead(client, { ...shared, functionName: 'decimals', args: [] }),
  ])
  if (balance === undefined || allowance === undefined) throw await notAToken(client, token)
  return { address: token, balance, allowance, symbol: symbol ?? shortened(token), decimals: decimals ?? 0 }
}

async function notAToken(client: ChainClient, token: Address): Promise<SluiceError> {
  const code = await getCode(client, { address: token }).catch(() => undefined)
  return new SluiceError({
    code: 'wrong-token',
    message: `There is no such token on ${client.chain?.name ?? 'this chain'}.`,
    details: `${token} ${code === undefined ? 'has no code' : 'is a contract, but no ERC-20 token'}`,
  })
}

/** Old tokens name themselves in bytes32 or not at all. */
function shortened(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}
