import { expect } from 'chai'
import { createSignatureVerifier } from '../../../sdk/dist/crypto/verifier.js'
import { SluiceError } from '../../../sdk/dist/errors.js'
import { bindSessionKey, createSessionKey, createSessionSigner } from '../../../sdk/dist/keys/sessionKey.js'
import type { Hex } from '../../../sdk/dist/types.js'
import { deployment, everyCrypto, nativeCrypto, secp256k1Order, word } from '../crypto/support.js'

const id: Hex = `0x${'c1'.repeat(32)}`
const otherId: Hex = `0x${'c2'.repeat(32)}`
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

describe('sdk session keys', () => {
  for (const { name, crypto } of everyCrypto) {
    for (const kind of ['secp256k1', 'p256'] as const) {
      it(`sign vouchers and sessions of their channel: ${kind}, ${name}`, async () => {
        const unbound = await createSessionKey({ kind, crypto, random })
        expect(unbound.channelId).to.equal(undefined)
        const signer = createSessionSigner(crypto, deployment, bindSessionKey(unbound, id))
        expect(signer.address).to.equal(unbound.address)
        const verifier = createSignatureVerifier(crypto, deployment)
        const voucher = { channelId: id, cumulativeAmount: 5n, signature: await signer.signVoucher(id, 5n) }
        expect(await verifier.verifyVoucher(unbound.address, voucher)).to.equal(true)
        const session = await signer.signSession(id, otherId)
        expect(await verifier.verifySession(unbound.address, id, otherId, session)).to.equal(true)
      })
    }
  }

  it('refuse to sign for another channel, naming both', async () => {
    const unbound = await createSessionKey({ kind: 'secp256k1', crypto: nativeCrypto, random })
    const signer = createSessionSigner(nativeCrypto, deployment, bindSessionKey(unbound, id))
    for (const attempt of [() => signer.signVoucher(otherId, 1n), () => signer.signSession(otherId, id)]) {
      expectMisuse(attempt, `bound to channel ${id}, asked to sign for ${otherId}`)
    }
    // The same channel in upper case is the same channel.
    expect(signer.signVoucher(`0x${'C1'.repeat(32)}`, 1n)).to.equal(signer.signVoucher(id, 1n))
  })

  it('sign nothing before they are bound, and are bound only once', async () => {
    const unbound = await createSessionKey({ kind: 'secp256k1', crypto: nativeCrypto, random })
    expectMisuse(() => createSessionSigner(nativeCrypto, deployment, unbound), 'not bound')
    const bound = bindSessionKey(unbound, id)
    expect(bindSessionKey(bound, `0x${'C1'.repeat(32)}`)).to.deep.equal(bound)
    expectMisuse(() => bindSessionKey(bound, otherId), `bound to channel ${id}, not to ${otherId}`)
  })

  it('are refused under an address that is not theirs', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => createSessionKey({ kind: 'secp256k1', crypto: nativeCrypto, random })),
    )
    if (one === undefined || other === undefined) return expect.fail('no keys')
    const mixed = { ...bindSessionKey(one, id), key: other.key }
    expectMisuse(() => createSessionSigner(nativeCrypto, deployment, mixed), one.address)
  })

  it('come from the random source that was given, which is asked again when it draws no key', async () => {
    const draws = [word(0n), word(secp256k1Order), word(7n)]
    const drawing = () => Uint8Array.from(Buffer.from((draws.shift() ?? '').slice(2), 'hex'))
    const { key } = await createSessionKey({ kind: 'secp256k1', crypto: nativeCrypto, random: drawing })
    expect(key).to.deep.equal({ kind: 'secp256k1', privateKey: word(7n) })

    const broken = createSessionKey({
      kind: 'secp256k1',
      crypto: nativeCrypto,
      random: (length) => new Uint8Array(length),
    })
    const outcome = await broken.catch((error: unknown) => error)
    expect(outcome).to.be.instanceOf(SluiceError).with.property('code', 'internal')
  })
})

function expectMisuse(attempt: () => unknown, details: string): void {
  expect(attempt)
    .to.throw(SluiceError)
    .that.satisfies((error: SluiceError) => error.code === 'key-misuse')
    .and.satisfies((error: SluiceError) => error.details?.includes(details))
}
