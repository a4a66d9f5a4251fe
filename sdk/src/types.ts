/**
 * The vocabulary of the protocol. Amounts are `bigint` base units of a channel's token, times are seconds.
 * Source of every rule: `docs/protocol.md`.
 */

/** A 20-byte address, 0x-prefixed. */
export type Address = `0x${string}`

/** Bytes, 0x-prefixed. */
export type Hex = `0x${string}`

/** The zero address: the native coin as a token, "the payee itself" as an operator. */
export const zeroAddress: Address = '0x0000000000000000000000000000000000000000'

/** The terms of a one-way channel, fixed for its whole life. Field order is the contract's. */
export type Channel = {
  /** Receives refunds; only it may ask for a forced close. */
  readonly payer: Address
  /** Receives claims; may be a cold wallet. */
  readonly payee: Address
  /** The payee's server key: signs receipts and closes, never receives. Zero: the payee itself. */
  readonly operator: Address
  /** An ERC-20 token; zero for the chain's native coin. */
  readonly token: Address
  /** Whose vouchers count: account, session key, P-256 key or ERC-1271 wallet. */
  readonly signer: Address
  /** Seconds between `requestClose` and `withdraw`, 900 to 2,592,000. */
  readonly grace: number
  /** Base units a second that may be claimed above `burst`; zero: no bound. */
  readonly rate: bigint
  /** Base units that may be claimed at once. */
  readonly burst: bigint
  /** 32 bytes that distinguish channels with otherwise equal terms. */
  readonly salt: Hex
}

/** What the contract knows of a channel. */
export type ChannelState = {
  /** Base units ever deposited. */
  readonly deposited: bigint
  /** Base units that ever went to the payee. */
  readonly claimed: bigint
  /** Second of the first deposit; 0: never opened. */
  readonly openedAt: number
  /** Second of the payer's close request; 0: none pending. */
  readonly closeRequestedAt: number
  /** Whether the channel has ended, for ever. */
  readonly closed: boolean
}

/** A balance proof: everything the payer has granted on a channel so far. */
export type Voucher = {
  readonly channelId: Hex
  /** Base units granted in all, not an increment. */
  readonly cumulativeAmount: bigint
  /** 64 bytes `r‖vs`, 65 bytes `r‖s‖v`, 128 bytes `r‖s‖x‖y` (P-256) or an ERC-1271 signature. */
  readonly signature: Hex
}

/** Where a channel lives. It fixes the EIP-712 domain. */
export type Deployment = {
  readonly chainId: number
  /** Address of `StreamChannels`. */
  readonly contract: Address
}

/** Signs for one channel. Session keys answer at once; wallets may take a prompt. */
export type VoucherSigner = {
  /** The channel's `signer`. */
  readonly address: Address
  /** Signs `Voucher(channelId, cumulativeAmount)`. */
  readonly signVoucher: (channelId: Hex, cumulativeAmount: bigint) => Hex | Promise<Hex>
  /** Signs `Session(channelId, challenge)`: proves to a payee that this connection speaks for the channel. */
  readonly signSession: (channelId: Hex, challenge: Hex) => Hex | Promise<Hex>
}

/** Checks signatures of a channel's signer. Keys answer at once; ERC-1271 wallets are asked on the chain. */
export type SignatureVerifier = {
  readonly verifyVoucher: (signer: Address, voucher: Voucher) => boolean | Promise<boolean>
  /**
   * As `verifyVoucher`, for who can wait a moment in which other vouchers come in and are checked together with this one.
   * Calls `answer` once, at once or soon. A verifier may do without.
   */
  readonly gatherVoucher?:
    | ((signer: Address, voucher: Voucher, answer: (valid: boolean | Promise<boolean>) => void) => void)
    | undefined
  readonly verifySession: (
    signer: Address,
    channelId: Hex,
    challenge: Hex,
    signature: Hex,
  ) => boolean | Promise<boolean>
  readonly verifyReceipt: (signer: Address, receipt: Receipt) => boolean | Promise<boolean>
  readonly verifyClose: (
    signer: Address,
    channelId: Hex,
    capturedAmount: bigint,
    signature: Hex,
  ) => boolean | Promise<boolean>
}

/** Signs what a payee owes its viewers: receipts and closes. */
export type OperatorSigner = {
  /** The channel's `operator`, or its payee when the operator is zero. */
  readonly address: Address
  readonly signReceipt: (receipt: UnsignedReceipt) => Hex | Promise<Hex>
  readonly signClose: (channelId: Hex, capturedAmount: bigint) => Hex | Promise<Hex>
}

/** What a payee confirms it has received and delivered. */
export type UnsignedReceipt = {
  readonly channelId: Hex
  /** Highest voucher held, base units. */
  readonly accepted: bigint
  /** Delivered and tipped, base units. */
  readonly spent: bigint
  /** Metering units delivered: milliseconds, bytes or requests. */
  readonly units: bigint
  /** Second of signing. */
  readonly at: number
}

export type Receipt = UnsignedReceipt & { readonly signature: Hex }
