import { readFileSync } from 'node:fs'

/** Terms as they stand in the JSON: amounts are decimal strings, as JSON numbers would lose digits. */
export type VectorChannel = {
  readonly payer: string
  readonly payee: string
  readonly operator: string
  readonly token: string
  readonly signer: string
  readonly grace: number
  readonly rate: string
  readonly burst: string
  readonly salt: string
}

/** One channel on one chain and contract, with everything that is hashed for it. */
export type Vector = {
  readonly name: string
  readonly chainId: number
  readonly contract: string
  readonly domainSeparator: string
  readonly channel: VectorChannel
  readonly channelId: string
  readonly cumulativeAmount: string
  readonly voucherDigest: string
  readonly capturedAmount: string
  readonly closeDigest: string
  readonly authorizationSalt: string
  readonly authorizationNonce: string
  readonly permit2Witness: string
}

export const vectorsFile = new URL('./channels.json', import.meta.url)

/** The committed vectors, which the contract and the SDK are both held to. */
export function loadVectors(): readonly Vector[] {
  return JSON.parse(readFileSync(vectorsFile, 'utf8')) as Vector[]
}
