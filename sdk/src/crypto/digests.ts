import { streamChannelsDomain } from '../domains.js'
import { closeTypes, receiptTypes, sessionTypes, voucherTypes } from '../typedData.js'
import type { Deployment, Hex, UnsignedReceipt } from '../types.js'
import { bytesToHex } from './bytes.js'
import type { SluiceCrypto } from './crypto.js'
import { hashText, Words } from './words.js'

/**
 * EIP-712 digests, 32 bytes each, for one deployment: fresh ones, or those handed over as `into`. Every function throws
 * `invalid-argument` when a value does not fit its type.
 */
export type Digests = {
  /** Of the deployment; hashed once. */
  readonly domainSeparator: Hex
  readonly voucher: (channelId: Hex, cumulativeAmount: bigint, into?: Uint8Array) => Uint8Array
  readonly close: (channelId: Hex, capturedAmount: bigint) => Uint8Array
  readonly receipt: (receipt: UnsignedReceipt) => Uint8Array
  readonly session: (channelId: Hex, challenge: Hex) => Uint8Array
}

/**
 * Hashes what is signed for channels of one deployment: two keccaks a digest, one for the struct and one for the
 * digest; the domain separator is cached (EIP-712).
 *
 * @param crypto loaded cryptography
 * @param deployment chain and contract
 */
export function createDigests(crypto: Pick<SluiceCrypto, 'keccak256'>, deployment: Deployment): Digests {
  const { keccak256 } = crypto
  const separator = hashDomain(crypto, deployment)
  const preimage = new Uint8Array(66)
  preimage.set([0x19, 0x01])
  preimage.set(separator, 2)
  const structHash = preimage.subarray(34)

  function struct(types: Readonly<Record<string, readonly Field[]>>): Words {
    const [[name, fields] = ['', []]] = Object.entries(types)
    const words = new Words(1 + fields.length)
    words.setBytes(0, hashText(keccak256, `${name}(${fields.map(encodeField).join(',')})`))
    return words
  }

  function finish(words: Words, into?: Uint8Array): Uint8Array {
    const hash = keccak256(words.bytes, structHash)
    if (hash !== structHash) structHash.set(hash)
    return keccak256(preimage, into)
  }

  const voucher = struct(voucherTypes)
  const close = struct(closeTypes)
  const receipt = struct(receiptTypes)
  const session = struct(sessionTypes)
  return {
    domainSeparator: bytesToHex(separator),
    voucher: (channelId, cumulativeAmount, into) => {
      voucher.setBytes32(1, channelId, 'channelId')
      voucher.setUint96(2, cumulativeAmount, 'cumulativeAmount')
      return finish(voucher, into)
    },
    close: (channelId, capturedAmount) => {
      close.setBytes32(1, channelId, 'channelId')
      close.setUint96(2, capturedAmount, 'capturedAmount')
      return finish(close)
    },
    receipt: ({ channelId, accepted, spent, units, at }) => {
      receipt.setBytes32(1, channelId, 'channelId')
      receipt.setUint96(2, accepted, 'accepted')
      receipt.setUint96(3, spent, 'spent')
      receipt.setUint64(4, units, 'units')
      receipt.setNumber(5, at, Number.MAX_SAFE_INTEGER, 'at')
      return finish(receipt)
    },
    session: (channelId, challenge) => {
      session.setBytes32(1, channelId, 'channelId')
      session.setBytes32(2, challenge, 'challenge')
      return finish(session)
    },
  }
}

type Field = { readonly name: string; readonly type: string }

function encodeField(field: Field): string {
  return `${field.type} ${field.name}`
}

function hashDomain({ keccak256 }: Pick<SluiceCrypto, 'keccak256'>, deployment: Deployment): Uint8Array {
  const domain = streamChannelsDomain(deployment)
  const words = new Words(5)
  const type = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
  words.setBytes(0, hashText(keccak256, type))
  words.setBytes(1, hashText(keccak256, domain.name))
  words.setBytes(2, hashText(keccak256, domain.version))
  words.setNumber(3, domain.chainId, Number.MAX_SAFE_INTEGER, 'chainId')
  words.setAddress(4, domain.verifyingContract, 'contract')
  return keccak256(words.bytes)
}
