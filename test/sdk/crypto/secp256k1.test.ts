import { expect } from 'chai'
import { Signature, SigningKey, Wallet } from 'ethers'
import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { serializeCompactSignature, parseSignature, signatureToCompactSignature } from 'viem'
import { bytesToHex, hexToBytes } from '../../../sdk/dist/crypto/bytes.js'
import { createDigests } from '../../../sdk/dist/crypto/digests.js'
import { createOperatorSigner, createVoucherSigner } from '../../../sdk/dist/crypto/signer.js'
import { SluiceError } from '../../../sdk/dist/errors.js'
import { operatorSignerFromAccount, voucherSignerFromAccount } from '../../../sdk/dist/crypto/account.js'
import { streamChannelsDomain } from '../../../sdk/dist/domains.js'
import { voucherTypes } from '../../../sdk/dist/typedData.js'
import type { Hex } from '../../../sdk/dist/types.js'
import {
  arbitrary,
  deadlineMs,
  deployment,
  everyCrypto,
  nativeCrypto,
  portableCrypto,
  runs,
  secp256k1Order,
  word,
} from './support.js'

const signatures = Math.max(60, runs / 20)

describe('sdk secp256k1 signatures', () => {
  it('says which engine runs', () => {
    expect(everyCrypto.map(({ name, crypto }) => [name, crypto.engine])).to.deep.equal([
      ['browser', 'portable'],
      ['portable', 'portable'],
      ['native', 'native'],
    ])
  })

  it(`native and portable sign alike, as viem and ethers do, at once and in 64 bytes, ${String(signatures)} times`, async () => {
    const domain = streamChannelsDomain(deployment)
    await fc.assert(
      fc.asyncProperty(
        arbitrary.privateKey,
        arbitrary.word,
        arbitrary.uint96,
        async (privateKey, channelId, cumulativeAmount) => {
          const [browser, portable, native] = everyCrypto.map(({ crypto }) => {
            const signer = createVoucherSigner(crypto, deployment, { kind: 'secp256k1', privateKey })
            return { address: signer.address, signature: signer.signVoucher(channelId, cumulativeAmount) }
          })
          expect(portable).to.deep.equal(native)
          expect(browser).to.deep.equal(native)

          const account = privateKeyToAccount(privateKey)
          expect(native?.address).to.equal(account.address.toLowerCase())
          const message = { channelId, cumulativeAmount }
          const byViem = await account.signTypedData({
            domain,
            types: voucherTypes,
            primaryType: 'Voucher',
            message,
          })
          const compact = serializeCompactSignature(signatureToCompactSignature(parseSignature(byViem)))
          expect(native?.signature).to.equal(compact)

          const types = { Voucher: voucherTypes.Voucher.map((field) => ({ ...field })) }
          const byEthers = await new Wallet(privateKey).signTypedData(domain, types, message)
          expect(native?.signature).to.equal(Signature.from(byEthers).compactSerialized)
        },
      ),
      { numRuns: signatures },
    )
  }).timeout(deadlineMs)

  it('a viem account signs the same vouchers, sessions, receipts and closes', async () => {
    const privateKey = word(7n)
    const account = privateKeyToAccount(privateKey)
    const id: Hex = `0x${'ab'.repeat(32)}`
    const receipt = { channelId: id, accepted: 3n, spent: 2n, units: 1n, at: 1_700_000_000 }
    const ours = createVoucherSigner(nativeCrypto, deployment, { kind: 'secp256k1', privateKey })
    const theirs = voucherSignerFromAccount(account, deployment)
    const oursAsOperator = createOperatorSigner(nativeCrypto, deployment, privateKey)
    const theirsAsOperator = operatorSignerFromAccount(account, deployment)
    expect(theirs.address).to.equal(ours.address)
    expect(theirsAsOperator.address).to.equal(oursAsOperator.address)
    const compact = async (signature: Hex | Promise<Hex>) => Signature.from(await signature).compactSerialized
    expect(await compact(theirs.signVoucher(id, 5n))).to.equal(ours.signVoucher(id, 5n))
    expect(await compact(theirs.signSession(id, id))).to.equal(ours.signSession(id, id))
    expect(await compact(theirsAsOperator.signReceipt(receipt))).to.equal(oursAsOperator.signReceipt(receipt))
    expect(await compact(theirsAsOperator.signClose(id, 5n))).to.equal(oursAsOperator.signClose(id, 5n))
  })

  it('recovers and verifies alike on both engines', () => {
    fc.assert(
      fc.property(arbitrary.privateKey, arbitrary.word, arbitrary.uint96, (privateKey, channelId, amount) => {
        const digest = createDigests(nativeCrypto, deployment).voucher(channelId, amount)
        const signature = new SigningKey(privateKey).sign(digest)
        const rs = bytes(`${signature.r}${signature.s.slice(2)}`)
        const publicKey = new SigningKey(privateKey).publicKey
        for (const { crypto } of everyCrypto) {
          const recovered = crypto.secp256k1.recover(digest, rs, signature.yParity)
          expect(recovered && bytesToHex(recovered)).to.equal(publicKey)
          const verify = crypto.secp256k1.verifier(bytes(publicKey))
          const wrong = digest.slice()
          wrong[0] = (wrong[0] ?? 0) ^ 1
          // From the fifth check on a key that signs often is checked by a table.
          for (let check = 0; check < 4; check += 1) {
            expect(verify(digest, rs)).to.equal(true)
            expect(verify(wrong, rs)).to.equal(false)
          }
          const other = crypto.secp256k1.recover(digest, rs, 1 - signature.yParity)
          expect(other && bytesToHex(other)).to.not.equal(publicKey)
        }
      }),
      { numRuns: signatures },
    )
  }).timeout(deadlineMs)

  it('finds no key behind an r that is on no point', () => {
    // 5 is no x-coordinate of secp256k1: 5^3 + 7 is no square there.
    const rs = bytes(`${word(5n)}${word(1n).slice(2)}`)
    for (const { crypto } of everyCrypto) {
      expect(crypto.secp256k1.recover(new Uint8Array(32).fill(1), rs, 0)).to.equal(undefined)
    }
  })

  it('refuses private keys that are none, without showing them', () => {
    const none = [
      word(0n),
      word(secp256k1Order),
      word(2n ** 256n - 1n),
      '0x11',
      `0x${'zz'.repeat(32)}`,
    ] as const
    for (const crypto of [nativeCrypto, portableCrypto]) {
      for (const privateKey of none) {
        for (const make of [
          () => createOperatorSigner(crypto, deployment, privateKey),
          () => createVoucherSigner(crypto, deployment, { kind: 'secp256k1', privateKey }),
        ]) {
          expect(make)
            .to.throw(SluiceError)
            .that.satisfies((error: SluiceError) => error.code === 'invalid-argument')
            .and.satisfies(
              (error: SluiceError) => !`${error.message}${String(error.details)}`.includes(privateKey),
            )
        }
      }
    }
  })
})

function bytes(hex: string): Uint8Array {
  return hexToBytes(hex) ?? expect.fail(`no hex: ${hex}`)
}
