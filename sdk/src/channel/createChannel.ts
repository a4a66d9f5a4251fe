import { bytesToHex, pad } from 'viem'
import { SluiceError } from '../errors.js'
import { zeroAddress, type Address, type Channel, type Hex } from '../types.js'
import { checkTerms } from './checkTerms.js'
import { minimumGrace } from './limits.js'
import type { RandomBytes } from '../crypto/crypto.js'
import { platformRandom } from '../crypto/loadCrypto.js'

/**
 * The terms of a new channel. From an offer it fills in the payee, the operator, the token, the grace period and, for a
 * price by the second, the bound on what can ever be claimed:
 *
 * - `rate` = price per second, rounded up, at least one base unit, because zero would mean no bound
 * - `burst` = cost of the offer's window and credit, rounded up, plus the tips the viewer allows
 *
 * A price by the byte or request has no speed to bound, so `rate` stays zero unless it is given.
 *
 * @param parameters the parties, the offer, and what differs from it
 * @throws SluiceError `invalid-argument` naming the field that the contract would refuse
 *
 * @example
 * ```ts
 * import { createChannel } from '@sluice/sdk/channel'
 *
 * const payer = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
 * const payee = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
 * const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
 * const channel = createChannel({ payer, payee, token, signer: payer, grace: 3600 })
 * ```
 */
export function createChannel(parameters: createChannel.Parameters): createChannel.ReturnType {
  const { payer, signer, offer } = parameters
  const channel: Channel = {
    payer,
    payee: parameters.payee ?? required(offer?.payee, 'payee'),
    operator: parameters.operator ?? offer?.operator ?? zeroAddress,
    token: parameters.token ?? required(offer?.token, 'token'),
    signer,
    grace: parameters.grace ?? offer?.grace ?? minimumGrace,
    ...bound(parameters),
    salt: parameters.salt ?? saltOf(parameters),
  }
  checkTerms(channel)
  return channel
}

export declare namespace createChannel {
  /** What this needs of a payee's offer; an `Offer` of a session fits. */
  type OfferTerms = {
    readonly payee: Address
    readonly operator: Address
    readonly token: Address
    /** Base units for `per` units. */
    readonly price: bigint
    readonly unit: 'second' | 'byte' | 'request'
    readonly per: bigint
    /** Units paid ahead. */
    readonly window: bigint
    /** Units delivered beyond what is paid. */
    readonly credit: bigint
    /** Shortest acceptable grace period, seconds. */
    readonly grace: number
  }

  type Parameters = {
    readonly payer: Address
    /** Whose vouchers count: the payer, a session key's address, a P-256 key's address or an ERC-1271 wallet. */
    readonly signer: Address
    readonly offer?: OfferTerms | undefined
    /** Default: the offer's. */
    readonly payee?: Address | undefined
    /** Default: the offer's, else zero: the payee itself. */
    readonly operator?: Address | undefined
    /** Default: the offer's. Zero: the native coin. */
    readonly token?: Address | undefined
    /** Seconds; default: the offer's, else 900. */
    readonly grace?: number | undefined
    /** Base units a second; default: from the offer, else zero: no bound. */
    readonly rate?: bigint | undefined
    /** Base units; default: from the offer and `tipAllowance`, else zero. */
    readonly burst?: bigint | undefined
    /** Base units of tips the viewer allows in all; default zero. Part of `burst`. */
    readonly tipAllowance?: bigint | undefined
    /**
     * Whether `signer` was created for this channel alone. It then distinguishes the terms by itself and the salt is
     * zero, which is cheaper; otherwise the salt is eight random bytes. Default false.
     */
    readonly freshSigner?: boolean | undefined
    /** 32 bytes; default: see `freshSigner`. */
    readonly salt?: Hex | undefined
    /** Default: the platform's. */
    readonly random?: RandomBytes | undefined
  }
  type ReturnType = Channel
  type ErrorType = SluiceError
}

function required(value: Address | undefined, name: string): Address {
  if (value !== undefined) return value
  throw new SluiceError({
    code: 'invalid-argument',
    message: `The channel names no ${name}.`,
    details: `pass "${name}" or an offer`,
  })
}

/** The bound that the contract holds against a stolen session key and a greedy payee. */
function bound({
  offer,
  rate,
  burst,
  tipAllowance = 0n,
}: createChannel.Parameters): Pick<Channel, 'rate' | 'burst'> {
  if (offer === undefined || offer.unit !== 'second')
    return { rate: rate ?? 0n, burst: burst ?? tipAllowance }
  const { price, per, window, credit } = offer
  if (per <= 0n) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'The offer has no price.',
      details: `the offer's "per" is ${per}, expected at least 1`,
    })
  }
  return {
    rate: rate ?? (price === 0n ? 1n : divideUp(price, per)),
    burst: burst ?? divideUp((window + credit) * price, per) + tipAllowance,
  }
}

function divideUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by
}

function saltOf({ freshSigner = false, random = platformRandom }: createChannel.Parameters): Hex {
  return pad(freshSigner ? '0x' : bytesToHex(random(8)))
}
