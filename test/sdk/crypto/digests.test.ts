import { expect } from 'chai'
import { AbiCoder, keccak256 as ethersKeccak, TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import { encodeAbiParameters, hashTypedData, keccak256 as viemKeccak } from 'viem'
import { bytesToHex } from '../../../sdk/dist/crypto/bytes.js'
import { computeAuthorizationNonce, computeChannelId } from '../../../sdk/dist/crypto/channelId.js'
import { createDigests } from '../../../sdk/dist/crypto/digests.js'
import { streamChannelsDomain } from '../../../sdk/dist/domains.js'
import { SluiceError } from '../../../sdk/dist/errors.js'
import { closeTypes, receiptTypes, sessionTypes, voucherTypes } from '../../../sdk/dist/typedData.js'
import type { Address, Hex } from '../../../sdk/dist/types.js'
import { loadVectors } from '../../vectors/vectors.js'
import { arbitrary, deployment, deadlineMs, nativeCrypto as crypto, portableCrypto, runs } from './support.js'

const channelTuple = [
  { type: 'uint256' },
  { type: 'address' },
  {
    type: 'tuple',
    components: [
      { name: 'payer', type: 'address' },
      { name: 'payee', type: 'address' },
      { name: 'operator', type: 'address' },
      { name: 'token', type: 'address' },
      { name: 'signer', type: 'address' },
      { name: 'grace', type: 'uint32' },
      { name: 'rate', type: 'uint96' },
      { name: 'burst', type: 'uint96' },
      { name: 'salt', type: 'bytes32' },
    ],
  },
] as const
const ethersChannelTuple = [
  'uint256',
  'address',
  'tuple(address payer,address payee,address operator,address token,address signer,uint32 grace,uint96 rate,uint96 burst,bytes32 salt)',
]

describe('sdk digests', () => {
  it(`voucher digests equal those of viem and ethers, ${String(runs)} times (I11)`, () => {
    fc.assert(
      fc.property(
        arbitrary.deployment,
        arbitrary.word,
        arbitrary.uint96,
        (where, channelId, cumulativeAmount) => {
          const digest = bytesToHex(createDigests(crypto, where).voucher(channelId, cumulativeAmount))
          const domain = streamChannelsDomain(where)
          const message = { channelId, cumulativeAmount }
          expect(digest).to.equal(
            hashTypedData({ domain, types: voucherTypes, primaryType: 'Voucher', message }),
          )
          expect(digest).to.equal(TypedDataEncoder.hash(domain, mutable(voucherTypes), message))
        },
      ),
      { numRuns: runs },
    )
  }).timeout(deadlineMs)

  it('are the same whether a keccak writes where it is asked to or not, and fresh unless asked for', () => {
    const keccaks = [
      crypto.keccak256,
      portableCrypto.keccak256,
      (data: Uint8Array) => viemKeccak(data, 'bytes'),
    ]
    fc.assert(
      fc.property(arbitrary.word, arbitrary.uint96, (channelId, cumulativeAmount) => {
        const into = new Uint8Array(32)
        const found = keccaks.map((keccak256) => {
          const digests = createDigests({ keccak256 }, deployment)
          const first = digests.voucher(channelId, cumulativeAmount)
          const second = digests.voucher(channelId, cumulativeAmount, into)
          expect(digests.voucher(channelId, cumulativeAmount)).not.to.equal(first)
          return [bytesToHex(first), bytesToHex(second)]
        })
        expect(new Set(found.flat()).size).to.equal(1)
      }),
      { numRuns: Math.min(runs, 1_000) },
    )
    for (const keccak256 of [crypto.keccak256, portableCrypto.keccak256]) {
      const into = new Uint8Array(32)
      expect(keccak256(new Uint8Array(3), into)).to.equal(into)
      expect(bytesToHex(into)).to.equal(viemKeccak(new Uint8Array(3)))
    }
  })

  it(`close, receipt and session digests equal those of viem and ethers, ${String(runs)} times (I11)`, () => {
    const { word, uint96, uint64, second } = arbitrary
    const values = fc.tuple(arbitrary.deployment, word, word, uint96, uint96, uint64, second)
    fc.assert(
      fc.property(values, ([where, channelId, challenge, accepted, spent, units, at]) => {
        const digests = createDigests(crypto, where)
        const domain = streamChannelsDomain(where)

        const close = { channelId, capturedAmount: accepted }
        const closeDigest = bytesToHex(digests.close(channelId, accepted))
        expect(closeDigest).to.equal(
          hashTypedData({ domain, types: closeTypes, primaryType: 'Close', message: close }),
        )
        expect(closeDigest).to.equal(TypedDataEncoder.hash(domain, mutable(closeTypes), close))

        const receipt = { channelId, accepted, spent, units, at: BigInt(at) }
        const receiptDigest = bytesToHex(digests.receipt({ ...receipt, at }))
        expect(receiptDigest).to.equal(
          hashTypedData({ domain, types: receiptTypes, primaryType: 'Receipt', message: receipt }),
        )
        expect(receiptDigest).to.equal(TypedDataEncoder.hash(domain, mutable(receiptTypes), receipt))

        const session = { channelId, challenge }
        const sessionDigest = bytesToHex(digests.session(channelId, challenge))
        expect(sessionDigest).to.equal(
          hashTypedData({ domain, types: sessionTypes, primaryType: 'Session', message: session }),
        )
        expect(sessionDigest).to.equal(TypedDataEncoder.hash(domain, mutable(sessionTypes), session))
      }),
      { numRuns: runs },
    )
  }).timeout(deadlineMs)

  it(`channel ids equal abi.encode and keccak of viem and ethers, ${String(runs)} times (I10)`, () => {
    fc.assert(
      fc.property(arbitrary.deployment, arbitrary.channel, (where, channel) => {
        const id = computeChannelId(crypto, where, channel)
        const chainId = BigInt(where.chainId)
        expect(id).to.equal(viemKeccak(encodeAbiParameters(channelTuple, [chainId, where.contract, channel])))
        const encoded = AbiCoder.defaultAbiCoder().encode(ethersChannelTuple, [
          chainId,
          where.contract,
          channel,
        ])
        expect(id).to.equal(ethersKeccak(encoded))
      }),
      { numRuns: runs },
    )
  }).timeout(deadlineMs)

  it('authorization nonces equal abi.encode and keccak of viem', () => {
    fc.assert(
      fc.property(arbitrary.word, arbitrary.word, (channelId, salt) => {
        const encoded = encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [channelId, salt])
        expect(computeAuthorizationNonce(crypto, channelId, salt)).to.equal(viemKeccak(encoded))
      }),
      { numRuns: runs },
    )
  }).timeout(deadlineMs)

  it("equals the contract's own hashes in the shared vectors", () => {
    const vectors = loadVectors()
    expect(vectors.length).to.be.greaterThan(10)
    for (const vector of vectors) {
      const where = { chainId: vector.chainId, contract: vector.contract as Address }
      const terms = vector.channel
      const channel = {
        payer: terms.payer as Address,
        payee: terms.payee as Address,
        operator: terms.operator as Address,
        token: terms.token as Address,
        signer: terms.signer as Address,
        grace: terms.grace,
        rate: BigInt(terms.rate),
        burst: BigInt(terms.burst),
        salt: terms.salt as Hex,
      }
      const digests = createDigests(crypto, where)
      const id = computeChannelId(crypto, where, channel)
      expect(
        {
          domainSeparator: digests.domainSeparator,
          channelId: id,
          voucherDigest: bytesToHex(digests.voucher(id, BigInt(vector.cumulativeAmount))),
          closeDigest: bytesToHex(digests.close(id, BigInt(vector.capturedAmount))),
          authorizationNonce: computeAuthorizationNonce(crypto, id, vector.authorizationSalt as Hex),
        },
        vector.name,
      ).to.deep.equal({
        domainSeparator: vector.domainSeparator,
        channelId: vector.channelId,
        voucherDigest: vector.voucherDigest,
        closeDigest: vector.closeDigest,
        authorizationNonce: vector.authorizationNonce,
      })
    }
  })

  it('takes exactly two keccaks a digest, and none of them changes an earlier digest', () => {
    let calls = 0
    const counting = {
      keccak256: (data: Uint8Array) => {
        calls++
        return crypto.keccak256(data)
      },
    }
    const digests = createDigests(counting, deployment)
    const id: Hex = `0x${'11'.repeat(32)}`
    calls = 0
    const first = digests.voucher(id, 1n)
    expect(calls).to.equal(2)
    const before = bytesToHex(first)
    digests.close(id, 1n)
    digests.session(id, id)
    digests.receipt({ channelId: id, accepted: 1n, spent: 1n, units: 1n, at: 1 })
    expect(calls).to.equal(8)
    expect(bytesToHex(first)).to.equal(before)
  })

  it('leaves no digit of an earlier voucher behind in a later one', () => {
    const digests = createDigests(crypto, deployment)
    const id: Hex = `0x${'ff'.repeat(32)}`
    digests.voucher(id, 2n ** 96n - 1n)
    const fresh = createDigests(crypto, deployment)
    expect(bytesToHex(digests.voucher(id, 1n))).to.equal(bytesToHex(fresh.voucher(id, 1n)))
  })

  it('refuses what does not fit, naming the field and the value', () => {
    const digests = createDigests(crypto, deployment)
    const id: Hex = `0x${'11'.repeat(32)}`
    const receipt = { channelId: id, accepted: 1n, spent: 1n, units: 1n, at: 1 }
    const refusals: readonly [() => unknown, string][] = [
      [
        () => digests.voucher(id, -1n),
        'cumulativeAmount: expected a bigint between 0 and 2^96 - 1, found -1',
      ],
      [() => digests.voucher(id, 2n ** 96n), `found ${String(2n ** 96n)}`],
      [() => digests.voucher('0x11', 1n), 'channelId: expected 32 bytes of hex, found 0x11'],
      [() => digests.voucher(`0x${'1g'.repeat(32)}`, 1n), 'channelId'],
      [() => digests.voucher(`0x${'é1'.repeat(32)}`, 1n), 'channelId'],
      [() => digests.voucher(`0X${'11'.repeat(32)}` as Hex, 1n), 'channelId'],
      [() => digests.close(id, 2n ** 96n), 'capturedAmount'],
      [() => digests.session(id, `${id}11`), 'challenge'],
      [() => digests.receipt({ ...receipt, units: 2n ** 64n }), 'units'],
      [() => digests.receipt({ ...receipt, at: 1.5 }), 'at: expected a whole number'],
      [() => digests.receipt({ ...receipt, at: -1 }), 'at'],
      [() => createDigests(crypto, { ...deployment, chainId: 2 ** 53 }), 'chainId'],
      [() => createDigests(crypto, { ...deployment, contract: '0x12' }), 'contract: expected an address'],
      [() => computeAuthorizationNonce(crypto, id, '0x'), 'salt'],
    ]
    for (const [attempt, details] of refusals) {
      try {
        attempt()
      } catch (error) {
        expect(error).to.be.instanceOf(SluiceError)
        expect(error).to.have.property('code', 'invalid-argument')
        expect(error).to.have.property('details').that.includes(details)
        continue
      }
      expect.fail(`accepted: ${details}`)
    }
  })
})

/** ethers wants its types mutable. */
function mutable(
  types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>,
): Record<string, { name: string; type: string }[]> {
  return Object.fromEntries(
    Object.entries(types).map(([name, fields]) => [name, fields.map((field) => ({ ...field }))]),
  )
}
