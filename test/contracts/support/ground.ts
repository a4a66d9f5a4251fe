import type { HardhatEthers, HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { MaxUint256, type AddressLike, type BaseContract, type SigningKey } from 'ethers'
import { network } from 'hardhat'
import type { Place } from './terms.js'

/** The second in which every test's world begins. */
export const beginning = '2027-01-01T00:00:00Z'

/** Networks differ only in their hardfork: `osaka` has the P-256 precompile, `prague` has not. */
export type Hardfork = 'osaka' | 'prague'

/** What any mock token can do, whatever its answers are. */
export type Fundable = {
  mint: (to: AddressLike, amount: bigint) => Promise<unknown>
  connect: (runner: HardhatEthersSigner) => {
    approve: (spender: AddressLike, amount: bigint) => Promise<unknown>
  }
}

/**
 * What every world stands on: one chain with a contract, and a plain token.
 *
 * @param deploy puts the contract there
 * @param hardfork of the chain
 */
export async function createGround<contract extends BaseContract>(
  deploy: (ethers: HardhatEthers) => Promise<contract>,
  hardfork: Hardfork = 'osaka',
) {
  const connection = await network.create({ override: { hardfork, initialDate: beginning } })
  const { ethers, networkHelpers } = connection
  const contract = await deploy(ethers)
  const token = await ethers.deployContract('PlainToken')
  const address = await contract.getAddress()
  const { chainId } = await ethers.provider.getNetwork()
  const place: Place = { chainId: Number(chainId), contract: address }

  /** Gives people plenty of a token, and the contract their allowance. */
  const stock = async <Token extends Fundable>(
    odd: Token,
    people: readonly HardhatEthersSigner[],
    amount: bigint,
  ): Promise<Token> => {
    for (const person of people) {
      await odd.mint(person, amount)
      await odd.connect(person).approve(contract, MaxUint256)
    }
    return odd
  }

  return {
    connection,
    ethers,
    networkHelpers,
    time: networkHelpers.time,
    contract,
    address,
    token,
    tokenAddress: await token.getAddress(),
    place,
    stock,
  }
}

/**
 * Builds a world while a test file loads, and tells what fails: Mocha hides it behind an error about `require`.
 *
 * @param build the world
 */
export async function built<World>(build: Promise<World>): Promise<World> {
  return await build.catch((error: unknown) => {
    console.error(error)
    throw error
  })
}

/** Keys of Hardhat's own accounts, for signatures that go inside calls. */
export function accountKey({ ethers }: { readonly ethers: HardhatEthers }, index: number): SigningKey {
  const phrase = 'test test test test test test test test test test test junk'
  const mnemonic = ethers.Mnemonic.fromPhrase(phrase)
  return ethers.HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`).signingKey
}
