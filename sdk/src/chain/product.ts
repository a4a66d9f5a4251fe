import type { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'

/** Reads what a contract reverted with; the table for that may be loaded only then. */
export type RevertReader = (data: Hex, cause: unknown) => SluiceError | Promise<SluiceError>

/** One of the contracts, as whatever asks it or sends to it needs to know it. */
export type Product = {
  /** Of the contract, such as `StreamChannels`. */
  readonly name: string
  /** What a person pays with it, such as `This stream`. */
  readonly subject: string
  /** What the contract keeps, such as `stream channels`. */
  readonly things: string
  /** Where this version of the contract is on a chain. */
  readonly addressOn: (chainId: number) => Address
  readonly readRevert: RevertReader
}
