import { expect } from 'chai'
import { Signature, SigningKey, Wallet } from 'ethers'
import { bytesToHex } from '../../../sdk/dist/crypto/bytes.js'
import { gatherVouchers } from '@sluice/sdk/node'
import { createDigests } from '../../../sdk/dist/crypto/digests.js'
import { normalizeForChain } from '../../../sdk/dist/crypto/normalize.js'
import { createOperatorSigner, createVoucherSigner } from '../../../sdk/dist/crypto/signer.js'
import { createSignatureVerifier } from '../../../sdk/dist/crypto/verifier.js'
import { zeroAddress, type Address, type Hex, type Voucher } from '../../../sdk/dist/types.js'
import { deployment, everyCrypto, secp256k1Order, word } from './support.js'

const id: Hex = `0x${'c1'.repeat(32)}`
const otherId: Hex = `0x${'c2'.repeat(32)}`
const key = new SigningKey(word(0xa11cen))
const stranger: Address = '0x00000000000000000000000000000000000000aa'

for (const { name, crypto } of everyCrypto) {
  describe(`sdk signature verifier, ${name}`, () => {
    const digests = createDigests(crypto, deployment)
    const signer = createVoucherSigner(crypto, deployment, {
      kind: 'secp256k1',
      privateKey: asHex(key.privateKey),
    })
    const address = signer.address

    /** What the verifier says of a signer it meets for the first time, and of one it knows. */
    function verdicts(voucher: Voucher, of: Address = address): readonly unknown[] {
      const known = createSignatureVerifier(crypto, deployment)
      expect(known.verifyVoucher(of === zeroAddress ? address : of, signed(1n))).to.be.a('boolean')
      return [
        createSignatureVerifier(crypto, deployment).verifyVoucher(of, voucher),
        known.verifyVoucher(of, voucher),
      ]
    }

    function parts(amount: bigint): Signature {
      return key.sign(digests.voucher(id, amount))
    }

    function signed(
      cumulativeAmount: bigint,
      signature: string = parts(cumulativeAmount).serialized,
    ): Voucher {
      return { channelId: id, cumulativeAmount, signature: asHex(signature) }
    }

    it('accepts 64 and 65 bytes, in either case of hex, at once', () => {
      const both = [true, true]
      expect(verdicts(signed(5n, parts(5n).serialized))).to.deep.equal(both)
      expect(verdicts(signed(5n, parts(5n).compactSerialized))).to.deep.equal(both)
      expect(verdicts(signed(5n, `0x${parts(5n).serialized.slice(2).toUpperCase()}`))).to.deep.equal(both)
      expect(verdicts(signed(5n), asHex(`0x${address.slice(2).toUpperCase()}`))).to.deep.equal(both)
    })

    it('refuses another amount, channel, chain, contract, signer and message type (I5, I11)', () => {
      const neither = [false, false]
      const voucher = signed(5n)
      expect(verdicts({ ...voucher, cumulativeAmount: 6n })).to.deep.equal(neither)
      expect(verdicts({ ...voucher, channelId: otherId })).to.deep.equal(neither)
      expect(verdicts(voucher, stranger)).to.deep.equal(neither)
      for (const elsewhere of [
        { ...deployment, chainId: 1 },
        { ...deployment, contract: stranger },
      ]) {
        expect(createSignatureVerifier(crypto, elsewhere).verifyVoucher(address, voucher)).to.equal(false)
      }
      const close = bytesToHex(crypto.secp256k1.sign(digests.close(id, 5n), bytesOf(key.privateKey)))
      expect(verdicts(signed(5n, close))).to.deep.equal(neither)
      expect(createSignatureVerifier(crypto, deployment).verifyClose(address, id, 5n, close)).to.equal(true)
      expect(
        createSignatureVerifier(crypto, deployment).verifyClose(address, id, 5n, voucher.signature),
      ).to.equal(false)
    })

    it('refuses malleable, zero, out-of-range and non-canonical signatures', () => {
      const { r, s, yParity } = parts(5n)
      const highS = word(secp256k1Order - BigInt(s)).slice(2)
      const v = (parity: number) => (27 + parity).toString(16)
      const bad = {
        'high s, 65 bytes': `${r}${highS}${v(1 - yParity)}`,
        'high s, v as it was': `${r}${highS}${v(yParity)}`,
        'r zero': `${word(0n)}${s.slice(2)}1b`,
        's zero': `${r}${word(0n).slice(2)}1b`,
        'all zero, 64 bytes': `0x${'00'.repeat(64)}`,
        'all zero, 65 bytes': `0x${'00'.repeat(65)}`,
        'r beyond the order': `${word(secp256k1Order)}${s.slice(2)}1b`,
        's just above half the order': `${r}${word((secp256k1Order >> 1n) + 1n).slice(2)}1b`,
        'v 0': `${r}${s.slice(2)}00`,
        'v 1': `${r}${s.slice(2)}01`,
        'v 26': `${r}${s.slice(2)}1a`,
        'v 29': `${r}${s.slice(2)}1d`,
        empty: '0x',
        '63 bytes': parts(5n).compactSerialized.slice(0, -2),
        '66 bytes': `${parts(5n).serialized}00`,
        '128 bytes': `0x${'11'.repeat(128)}`,
        'odd number of digits': parts(5n).serialized.slice(0, -1),
        'no hex': `0x${'zz'.repeat(65)}`,
        'no 0x': parts(5n).serialized.slice(2),
      }
      for (const [what, signature] of Object.entries(bad)) {
        expect(verdicts(signed(5n, signature)), what).to.deep.equal([false, false])
      }
    })

    it('refuses what is no text at all', () => {
      const read: unknown[] = [undefined, null, 65, ['0x'], new Uint8Array(65)]
      for (const signature of read) {
        const voucher = Object.assign(signed(5n), { signature })
        expect(verdicts(voucher), String(signature)).to.deep.equal([false, false])
      }
    })

    it('is not fooled by what an earlier signature left behind', () => {
      expect(verdicts(signed(5n))).to.deep.equal([true, true])
      for (const broken of ['', '0x', '0x1b', `0x${'zz'.repeat(65)}`, parts(5n).serialized.slice(0, -1)]) {
        expect(verdicts(signed(5n, broken)), broken).to.deep.equal([false, false])
      }
    })

    it('never lets the zero address sign', () => {
      expect(verdicts(signed(5n), zeroAddress)).to.deep.equal([false, false])
      expect(verdicts(signed(5n, `0x${'00'.repeat(65)}`), zeroAddress)).to.deep.equal([false, false])
    })

    it('answers malformed ids and amounts with false', () => {
      expect(verdicts({ ...signed(5n), channelId: '0x11' })).to.deep.equal([false, false])
      expect(verdicts({ ...signed(5n), cumulativeAmount: -1n })).to.deep.equal([false, false])
      expect(verdicts({ ...signed(5n), cumulativeAmount: 2n ** 96n })).to.deep.equal([false, false])
    })

    it('accepts the wrong one of v 27 and 28, and puts it right for the chain', () => {
      const { r, s, yParity, serialized, compactSerialized } = parts(5n)
      const wrong65 = `${r}${s.slice(2)}${(28 - yParity).toString(16)}`
      const wrong64 = Signature.from({ r, s, yParity: yParity === 0 ? 1 : 0 }).compactSerialized
      const verifier = createSignatureVerifier(crypto, deployment)
      for (const signature of [wrong65, wrong64, serialized, compactSerialized]) {
        expect(verdicts(signed(5n, signature))).to.deep.equal([true, true])
        const voucher = signed(5n, signature)
        expect(verifier.normalizeVoucher(address, voucher)).to.deep.equal(signed(5n, compactSerialized))
      }
      const close = key.sign(digests.close(id, 3n))
      const wrongClose = Signature.from({ r: close.r, s: close.s, yParity: close.yParity === 0 ? 1 : 0 })
      expect(verifier.normalizeClose(address, id, 3n, asHex(wrongClose.serialized))).to.equal(
        close.compactSerialized,
      )
    })

    it('leaves alone what no key signed: that is for a wallet on the chain to read', () => {
      const digest = digests.voucher(id, 5n)
      for (const signature of [signed(6n).signature, asHex('0x1234'), asHex(`0x${'11'.repeat(128)}`)]) {
        expect(normalizeForChain(crypto, digest, signature, address)).to.equal(signature)
      }
    })

    it('verifies sessions, receipts and closes as it does vouchers', () => {
      const verifier = createSignatureVerifier(crypto, deployment)
      const operator = createOperatorSigner(crypto, deployment, asHex(key.privateKey))
      const unsigned = { channelId: id, accepted: 9n, spent: 8n, units: 7n, at: 6 }
      const receipt = { ...unsigned, signature: now(operator.signReceipt(unsigned)) }
      expect(verifier.verifyReceipt(address, receipt)).to.equal(true)
      for (const change of [
        { accepted: 8n },
        { spent: 7n },
        { units: 8n },
        { at: 7 },
        { channelId: otherId },
      ]) {
        expect(verifier.verifyReceipt(address, { ...receipt, ...change })).to.equal(false)
      }
      expect(verifier.verifyReceipt(address, { ...receipt, at: -1 })).to.equal(false)

      const session = now(signer.signSession(id, otherId))
      expect(verifier.verifySession(address, id, otherId, session)).to.equal(true)
      expect(verifier.verifySession(address, id, id, session)).to.equal(false)
      expect(verifier.verifySession(address, id, '0x', session)).to.equal(false)

      const close = now(operator.signClose(id, 5n))
      expect(verifier.verifyClose(address, id, 5n, close)).to.equal(true)
      expect(verifier.verifyClose(address, id, 4n, close)).to.equal(false)
      expect(verifier.verifyClose(address, id, -4n, close)).to.equal(false)
    })

    it('keeps telling signers apart when more come than it remembers', () => {
      const verifier = createSignatureVerifier(crypto, deployment, { keyCacheSize: 2 })
      const signers = [1n, 2n, 3n, 4n, 5n].map((secret) =>
        createVoucherSigner(crypto, deployment, { kind: 'secp256k1', privateKey: word(secret) }),
      )
      for (let round = 0n; round < 3n; round++) {
        for (const each of signers) {
          const voucher = {
            channelId: id,
            cumulativeAmount: round,
            signature: now(each.signVoucher(id, round)),
          }
          for (const other of signers) {
            expect(verifier.verifyVoucher(other.address, voucher)).to.equal(other === each)
          }
        }
      }
    })

    it('asks an ERC-1271 wallet last, with the digest, and only when no key matched', async () => {
      const asked: unknown[] = []
      const verifier = createSignatureVerifier(crypto, deployment, {
        isValidSignature: (wallet, digest, signature) => {
          asked.push([wallet, digest, signature])
          return Promise.resolve(signature === '0x1234')
        },
      })
      expect(verifier.verifyVoucher(address, signed(5n))).to.equal(true)
      expect(asked).to.deep.equal([])
      expect(await verifier.verifyVoucher(stranger, signed(5n, '0x1234'))).to.equal(true)
      expect(await verifier.verifyVoucher(stranger, signed(5n))).to.equal(false)
      // An EIP-7702 account has a key and code: what its key did not sign, its code may still accept.
      expect(await verifier.verifyVoucher(address, signed(5n, '0x1234'))).to.equal(true)
      const digest = bytesToHex(digests.voucher(id, 5n))
      expect(asked).to.deep.equal([
        [stranger, digest, '0x1234'],
        [stranger, digest, signed(5n).signature],
        [address, digest, '0x1234'],
      ])
      expect(verifier.verifyVoucher(zeroAddress, signed(5n, '0x1234'))).to.equal(false)
      expect(verifier.verifyVoucher(stranger, signed(5n, '0x123'))).to.equal(false)
    })

    it('passes on that a wallet could not be asked: no answer is not a no', async () => {
      const verifier = createSignatureVerifier(crypto, deployment, {
        isValidSignature: () => Promise.reject(new Error('no connection')),
      })
      const outcome = await Promise.resolve(verifier.verifyVoucher(stranger, signed(5n))).catch(String)
      expect(outcome).to.equal('Error: no connection')
    })
  })
}

function asHex(text: string): Hex {
  return text as Hex
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
}

/** A private key signs at once; a promise here would be a fault. */
function now(signature: Hex | Promise<Hex>): Hex {
  return typeof signature === 'string' ? signature : expect.fail('signed later')
}

describe('sdk signature verifier that gathers vouchers', () => {
  const native = everyCrypto.find(({ crypto }) => crypto.secp256k1.batch !== undefined)
  const signers = Array.from({ length: 40 }, (_, index) => new SigningKey(word(0xb0b0n + BigInt(index))))

  /** A verifier whose gatherings end when `run` is called. */
  function gatherer({ crypto }: (typeof everyCrypto)[number], wallet?: () => Promise<boolean>) {
    const waiting: (() => void)[] = []
    const options = wallet === undefined ? {} : { isValidSignature: wallet }
    const known = createSignatureVerifier(crypto, deployment, options)
    const verifier = gatherVouchers(crypto, deployment, known, (run) => waiting.push(run))
    const gather = verifier.gatherVoucher ?? expect.fail('it does not gather')
    const digests = createDigests(crypto, deployment)
    const voucherOf = (signer: number, amount: bigint, signedAmount = amount): Voucher => ({
      channelId: id,
      cumulativeAmount: amount,
      signature: asHex(signers[signer]?.sign(digests.voucher(id, signedAmount)).serialized ?? ''),
    })
    const addressOf = (signer: number): Address =>
      asHex(new Wallet(signers[signer] ?? expect.fail('no such signer')).address)
    // Tables are made of keys that sign often.
    for (const index of signers.keys()) {
      for (let amount = 1n; amount < 8n; amount += 1n) {
        expect(verifier.verifyVoucher(addressOf(index), voucherOf(index, amount))).to.equal(true)
      }
    }
    return { verifier, gather, voucherOf, addressOf, waiting }
  }

  it('does so only where signatures are checked faster together', () => {
    for (const { crypto } of everyCrypto) {
      const verifier = createSignatureVerifier(crypto, deployment)
      expect(verifier.gatherVoucher).to.equal(undefined)
      const gathers = gatherVouchers(crypto, deployment, verifier, setImmediate)
      expect(gathers === verifier).to.equal(!crypto.hasTables)
      expect(gathers.gatherVoucher !== undefined).to.equal(crypto.hasTables)
    }
  })

  if (native === undefined) return

  it('answers every one as it does alone, in the order they came, when the gathering ends', async () => {
    const { verifier, gather, voucherOf, addressOf, waiting } = gatherer(native)
    const answers: [number, boolean][] = []
    const vouchers = signers.slice(0, 20).map((_, index) => {
      const voucher = voucherOf(index, 100n, index % 3 === 0 ? 99n : 100n)
      gather(addressOf(index), voucher, (valid) => {
        answers.push([index, valid === true])
      })
      return voucher
    })
    expect(answers).to.deep.equal([])
    expect(waiting).to.have.length(1)
    waiting[0]?.()
    const alone = await Promise.all(
      vouchers.map((voucher, index) => Promise.resolve(verifier.verifyVoucher(addressOf(index), voucher))),
    )
    expect(answers).to.deep.equal(alone.map((valid, index) => [index, valid]))
    expect(alone.filter((valid) => valid)).to.have.length(13)
  })

  it('does not wait once as many are there as are checked together, and begins anew', () => {
    const { gather, voucherOf, addressOf, waiting } = gatherer(native)
    const answers: boolean[] = []
    for (const index of signers.keys()) {
      gather(addressOf(index), voucherOf(index, 200n), (valid) => answers.push(valid === true))
    }
    expect(answers).to.deep.equal(new Array<boolean>(32).fill(true))
    expect(waiting).to.have.length(1)
    waiting[0]?.()
    expect(answers).to.deep.equal(new Array<boolean>(40).fill(true))
    gather(addressOf(0), voucherOf(0, 300n), (valid) => answers.push(valid === true))
    expect(waiting).to.have.length(2)
    waiting[1]?.()
    expect(answers).to.have.length(41)
  })

  it('answers at once what is no key that signed before, and asks a wallet when no key matched', async () => {
    const { gather, voucherOf, addressOf, waiting } = gatherer(native, () => Promise.resolve(true))
    const answers: (boolean | Promise<boolean>)[] = []
    const unknown = new Wallet(word(0xffn)).address as Address
    gather(unknown, voucherOf(0, 5n), (valid) => answers.push(valid))
    gather(addressOf(1), { ...voucherOf(1, 5n), signature: '0x12' }, (valid) => answers.push(valid))
    gather(addressOf(1), { ...voucherOf(1, 5n), cumulativeAmount: -1n }, (valid) => answers.push(valid))
    expect(waiting).to.deep.equal([])
    expect(await Promise.all(answers.map((each) => Promise.resolve(each)))).to.deep.equal([true, true, false])
    gather(addressOf(1), voucherOf(1, 5n, 4n), (valid) => answers.push(valid))
    waiting[0]?.()
    expect(await answers[3]).to.equal(true)
  })
})
