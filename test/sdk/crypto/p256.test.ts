import { expect } from 'chai'
import fc from 'fast-check'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { bytesToHex, hexToBytes } from '../../../sdk/dist/crypto/bytes.js'
import { createDigests } from '../../../sdk/dist/crypto/digests.js'
import { createVoucherSigner, type SigningKey } from '../../../sdk/dist/crypto/signer.js'
import { createSignatureVerifier } from '../../../sdk/dist/crypto/verifier.js'
import { decodeDerSignature, encodeDerSignature } from '../../../sdk/dist/node/derSignature.js'
import type { Hex } from '../../../sdk/dist/types.js'
import { browserCrypto, deadlineMs, deployment, nativeCrypto, p256Order, runs, word } from './support.js'

const id: Hex = `0x${'c1'.repeat(32)}`
const engines = [
  { name: 'WebCrypto', crypto: browserCrypto },
  { name: 'node:crypto', crypto: nativeCrypto },
] as const

for (const { name, crypto } of engines) {
  describe(`sdk P-256 signatures, ${name}`, () => {
    const digests = createDigests(crypto, deployment)

    async function newKey(): Promise<SigningKey & { kind: 'p256' }> {
      const { publicKey, secret } = await crypto.p256.generate()
      return { kind: 'p256', publicKey: bytesToHex(publicKey), secret }
    }

    it('are 128 bytes r‖s‖x‖y with a low s, over sha256 of the digest, and any other library agrees', async () => {
      const key = await newKey()
      const signer = createVoucherSigner(crypto, deployment, key)
      const x = Buffer.from(key.publicKey.slice(2, 66), 'hex').toString('base64url')
      const y = Buffer.from(key.publicKey.slice(66), 'hex').toString('base64url')
      const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
      for (let amount = 0n; amount < 40n; amount++) {
        const signature = await signer.signVoucher(id, amount)
        expect(signature).to.match(/^0x[0-9a-f]{256}$/)
        expect(signature.slice(130)).to.equal(key.publicKey.slice(2))
        const s = BigInt(`0x${signature.slice(66, 130)}`)
        expect(s <= p256Order >> 1n).to.equal(true)
        const rs = Buffer.from(signature.slice(2, 130), 'hex')
        const message = digests.voucher(id, amount)
        expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, rs)).to.equal(true)
      }
    })

    it('are named by the last 20 bytes of keccak256(x‖y)', async () => {
      const key = await newKey()
      const point = hexToBytes(key.publicKey) ?? expect.fail('no hex')
      const { address } = createVoucherSigner(crypto, deployment, key)
      expect(address).to.equal(`0x${bytesToHex(crypto.keccak256(point)).slice(-40)}`)
    })

    it('are accepted for their signer, amount and channel only (I5, I11)', async () => {
      const signer = createVoucherSigner(crypto, deployment, await newKey())
      const other = createVoucherSigner(crypto, deployment, await newKey())
      const verifier = createSignatureVerifier(crypto, deployment)
      const voucher = { channelId: id, cumulativeAmount: 5n, signature: await signer.signVoucher(id, 5n) }
      expect(await verifier.verifyVoucher(signer.address, voucher)).to.equal(true)
      expect(await verifier.verifyVoucher(signer.address, { ...voucher, cumulativeAmount: 6n })).to.equal(
        false,
      )
      expect(await verifier.verifyVoucher(signer.address, { ...voucher, channelId: word(1n) })).to.equal(
        false,
      )
      expect(await verifier.verifyVoucher(other.address, voucher)).to.equal(false)
      const foreignKey = await other.signVoucher(id, 5n)
      expect(await verifier.verifyVoucher(signer.address, { ...voucher, signature: foreignKey })).to.equal(
        false,
      )
      const mixed: Hex = `0x${foreignKey.slice(2, 130)}${voucher.signature.slice(130)}`
      expect(await verifier.verifyVoucher(signer.address, { ...voucher, signature: mixed })).to.equal(false)
      expect(verifier.normalizeVoucher(signer.address, voucher)).to.deep.equal(voucher)
    })

    it('are refused when malleable, zero, out of range, of the wrong length or off the curve', async () => {
      const key = await newKey()
      const signer = createVoucherSigner(crypto, deployment, key)
      const signature = await signer.signVoucher(id, 5n)
      const [r, s, point] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)]
      const plain = (value: bigint) => word(value).slice(2)
      const bad: Record<string, Hex> = {
        'high s': `0x${r}${plain(p256Order - BigInt(`0x${s}`))}${point}`,
        'r zero': `0x${plain(0n)}${s}${point}`,
        's zero': `0x${r}${plain(0n)}${point}`,
        'r beyond the order': `0x${plain(p256Order)}${s}${point}`,
        'without the key': `0x${r}${s}`,
        'one byte more': `${signature}00`,
        'compressed point': `0x${r}${s}02${point.slice(0, 64)}`,
      }
      const verifier = createSignatureVerifier(crypto, deployment)
      for (const [what, each] of Object.entries(bad)) {
        const voucher = { channelId: id, cumulativeAmount: 5n, signature: each }
        expect(await verifier.verifyVoucher(signer.address, voucher), what).to.equal(false)
      }
      const offCurve = `${plain(1n)}${plain(1n)}`
      const hashed = bytesToHex(crypto.keccak256(hexToBytes(`0x${offCurve}`) ?? expect.fail('no hex')))
      const voucher = { channelId: id, cumulativeAmount: 5n, signature: `0x${r}${s}${offCurve}` as const }
      expect(await verifier.verifyVoucher(`0x${hashed.slice(-40)}`, voucher)).to.equal(false)
    })

    it('never fall back to a wallet once the key is the signer’s, as on the chain', async () => {
      const signer = createVoucherSigner(crypto, deployment, await newKey())
      const verifier = createSignatureVerifier(crypto, deployment, {
        isValidSignature: () => expect.fail('asked a wallet'),
      })
      const voucher = { channelId: id, cumulativeAmount: 6n, signature: await signer.signVoucher(id, 5n) }
      expect(await verifier.verifyVoucher(signer.address, voucher)).to.equal(false)
    })
  })
}

describe('sdk P-256 across engines', () => {
  it('DER and plain signatures become each other, whatever zeros lead their numbers', () => {
    const number = fc.oneof(
      fc.bigInt(1n, p256Order - 1n),
      fc.bigInt(1n, 2n ** 64n),
      fc.constantFrom(1n, 0x80n),
    )
    fc.assert(
      fc.property(number, number, (r, s) => {
        const rs = hexToBytes(`0x${word(r).slice(2)}${word(s).slice(2)}`) ?? expect.fail('no hex')
        const der = encodeDerSignature(rs)
        const [derR, derS] = [derInteger(r), derInteger(s)]
        const expected = `30${byte((derR.length + derS.length) / 2)}${derR}${derS}`
        expect(bytesToHex(der)).to.equal(`0x${expected}`)
        expect(bytesToHex(decodeDerSignature(der))).to.equal(bytesToHex(rs))
      }),
      { numRuns: runs },
    )
  }).timeout(deadlineMs)

  it('each engine verifies what the other signed', async () => {
    for (const [from, to] of [
      [browserCrypto, nativeCrypto],
      [nativeCrypto, browserCrypto],
    ] as const) {
      const { publicKey, secret } = await from.p256.generate()
      const signer = createVoucherSigner(from, deployment, {
        kind: 'p256',
        publicKey: bytesToHex(publicKey),
        secret,
      })
      const voucher = { channelId: id, cumulativeAmount: 5n, signature: await signer.signVoucher(id, 5n) }
      const verifier = createSignatureVerifier(to, deployment)
      expect(await verifier.verifyVoucher(signer.address, voucher)).to.equal(true)
    }
  })

  it('each engine signs with the other’s keys', async () => {
    for (const [from, to] of [
      [browserCrypto, nativeCrypto],
      [nativeCrypto, browserCrypto],
    ] as const) {
      const { publicKey, secret } = await from.p256.generate()
      const digest = new Uint8Array(createHash('sha256').update('a digest').digest())
      const rs = await to.p256.signer(secret)(digest)
      expect(await from.p256.verifier(publicKey)(digest, rs)).to.equal(true)
    }
  })

  it('node:crypto signs and verifies at once, and WebCrypto keeps its keys', async () => {
    const node = await nativeCrypto.p256.generate()
    const rs = nativeCrypto.p256.signer(node.secret)(new Uint8Array(32))
    expect(rs).to.be.instanceOf(Uint8Array)
    expect(nativeCrypto.p256.verifier(node.publicKey)(new Uint8Array(32), await rs)).to.equal(true)

    const { secret } = await browserCrypto.p256.generate()
    if (secret instanceof Uint8Array) return expect.fail('WebCrypto handed out its key')
    expect(secret.extractable).to.equal(false)
    const taken = await crypto.subtle.exportKey('pkcs8', secret).catch((error: unknown) => error)
    expect(taken).to.have.property('name', 'InvalidAccessError')
  })
})

function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

/** A positive number as DER writes it (X.690, 8.3). */
function derInteger(value: bigint): string {
  const digits = value.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  const content = /^[89a-f]/.test(even) ? `00${even}` : even
  return `02${byte(content.length / 2)}${content}`
}
