import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import type * as library from 'secp256k1'
import { bytesToHex, keccak256 as hashOf } from 'viem'
import { loadNodeCrypto } from '@sluice/sdk/node'
import { secp256k1Order as order } from '../sdk/crypto/support.js'

const root = path.resolve(import.meta.dirname, '../..')
const plain = createRequire(path.join(root, 'sdk/package.json'))('secp256k1/bindings.js') as typeof library
const tables = await import('@sluice/secp256k1').catch(() => undefined)
const pairs = process.env['SLUICE_DEEP'] === '1' ? 20_000 : 500

const word = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const join = (r: bigint, s: bigint): Uint8Array => Buffer.concat([word(r), word(s)])

/** Words of every size: where carries and empty windows are. */
const anyWord = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.tuple(fc.integer({ min: 0, max: 255 }), fc.bigInt({ min: -3n, max: 3n })).map(([bits, near]) => {
    const value = (1n << BigInt(bits)) + near
    return value < 0n ? 0n : value
  }),
  fc.bigInt({ min: -5n, max: 5n }).map((near) => order + near),
)
const privateKey = anyWord.map((value) => word((value % (order - 1n)) + 1n))

/** One over a number modulo the order. */
function inverse(value: bigint): bigint {
  let [power, base, result] = [order - 2n, value, 1n]
  for (; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % order
    base = (base * base) % order
  }
  return result
}

/** What the library says of a signature, which throws where its parser refuses. */
function byLibrary(digest: Uint8Array, rs: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return plain.ecdsaVerify(rs, digest, publicKey)
  } catch {
    return false
  }
}

if (tables === undefined) {
  describe('the signature check by tables, where it was not built', () => {
    it('is missing for lack of a compiler only, and the SDK does without', async () => {
      const compilers = ['cc', 'gcc', 'clang'].filter((name) => spawnSync(name, ['--version']).status === 0)
      expect(compilers).to.deep.equal([])
      expect((await loadNodeCrypto()).hasTables).to.equal(false)
    })
  })
} else {
  const { keccak256, prepare, verify, verifyMany } = tables
  const tableOf = (publicKey: Uint8Array): Uint8Array => prepare(publicKey) ?? expect.fail('no point')

  describe('the signature check by tables', () => {
    it('is what the SDK uses', async () => {
      expect((await loadNodeCrypto({ engine: 'native' })).hasTables).to.equal(true)
      expect((await loadNodeCrypto({ engine: 'portable' })).hasTables).to.equal(false)
    })

    it('answers as libsecp256k1 does, for what was signed and for what was changed since', () => {
      let good = 0
      fc.assert(
        fc.property(privateKey, anyWord, fc.integer({ min: 0, max: 511 }), (key, message, flipped) => {
          const digest = word(message)
          const publicKey = plain.publicKeyCreate(key, false)
          const table = tableOf(publicKey)
          const { signature } = plain.ecdsaSign(digest, key)
          expect(verify(table, digest, signature)).to.equal(true)
          good += 1
          const changed = signature.slice()
          changed[flipped >> 3] = (changed[flipped >> 3] ?? 0) ^ (1 << (flipped & 7))
          expect(verify(table, digest, changed)).to.equal(byLibrary(digest, changed, publicKey))
          const other = digest.slice()
          other[flipped >> 4] = (other[flipped >> 4] ?? 0) ^ (1 << (flipped & 7))
          expect(verify(table, other, signature)).to.equal(byLibrary(other, signature, publicKey))
        }),
        { numRuns: pairs },
      )
      expect(good).to.be.at.least(pairs)
    }).timeout(300_000)

    it('answers as libsecp256k1 does for any key, message, r and s', () => {
      fc.assert(
        fc.property(privateKey, anyWord, anyWord, anyWord, (key, message, r, s) => {
          const publicKey = plain.publicKeyCreate(key, false)
          const [digest, rs] = [word(message), join(r, s)]
          expect(verify(tableOf(publicKey), digest, rs)).to.equal(byLibrary(digest, rs, publicKey))
        }),
        { numRuns: pairs },
      )
    }).timeout(300_000)

    it('finds the key behind any recoverable r and s, also where x is beyond the order', () => {
      let found = 0
      for (let r = 1n; r < 40n; r += 1n) {
        for (const [message, s] of [
          [0n, 1n],
          [1n, 2n],
          [order - 1n, order / 2n],
          [r, 3n],
        ] as const) {
          // Recovery ids 2 and 3 mean that x is r plus the order.
          for (const id of [0, 1, 2, 3]) {
            const [digest, rs] = [word(message), join(r, s)]
            let publicKey: Uint8Array
            try {
              publicKey = plain.ecdsaRecover(rs, id, digest, false)
            } catch {
              continue // no such point
            }
            found += 1
            expect(verify(tableOf(publicKey), digest, rs), `r ${r} id ${id}`).to.equal(true)
            expect(verify(tableOf(publicKey), word(message + 1n), rs)).to.equal(false)
          }
        }
      }
      expect(found).to.be.greaterThan(200)
    })

    it('refuses a high s, as the contract does', () => {
      const key = word(7n)
      const digest = word(9n)
      const { signature } = plain.ecdsaSign(digest, key)
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
      const high = Buffer.concat([signature.subarray(0, 32), word(order - s)])
      const table = tableOf(plain.publicKeyCreate(key, false))
      expect(verify(table, digest, signature)).to.equal(true)
      expect(verify(table, digest, high)).to.equal(false)
    })

    it('answers of up to 32 signatures together as it does of each alone', () => {
      const most = 32
      const made = fc.record({
        key: privateKey,
        message: anyWord,
        // What becomes of the signature: nothing, a bit of it or of the digest is changed, or it is any r and s.
        fate: fc.constantFrom('good', 'good', 'good', 'changed', 'other', 'any'),
        flipped: fc.integer({ min: 0, max: 511 }),
        r: anyWord,
        s: anyWord,
      })
      const seen = { good: 0, bad: 0 }
      fc.assert(
        fc.property(fc.array(made, { minLength: 1, maxLength: most }), (several) => {
          const digests = new Uint8Array(32 * several.length)
          const signatures = new Uint8Array(64 * several.length)
          const expected = several.map(({ key, message, fate, flipped, r, s }, index) => {
            const digest = word(message)
            const rs = fate === 'any' ? join(r, s) : Buffer.from(plain.ecdsaSign(digest, key).signature)
            if (fate === 'changed') rs[flipped >> 3] = (rs[flipped >> 3] ?? 0) ^ (1 << (flipped & 7))
            if (fate === 'other') digest[flipped >> 4] = (digest[flipped >> 4] ?? 0) ^ (1 << (flipped & 7))
            digests.set(digest, 32 * index)
            signatures.set(rs, 64 * index)
            return byLibrary(digest, rs, plain.publicKeyCreate(key, false))
          })
          const keys = several.map(({ key }) => tableOf(plain.publicKeyCreate(key, false)))
          const good = verifyMany(keys, digests, signatures)
          expect(expected.map((_, index) => ((good >>> index) & 1) === 1)).to.deep.equal(expected)
          expect(several.length === most ? 0 : good >>> several.length).to.equal(0)
          for (const each of expected) seen[each ? 'good' : 'bad'] += 1
        }),
        { numRuns: pairs },
      )
      expect(Math.min(seen.good, seen.bad)).to.be.at.least(pairs)
    }).timeout(600_000)

    it('finds signatures together whose sums meet a point twice or its opposite', () => {
      // Keys that are small multiples of the generator, and digests and signatures that are small numbers: their sums pass
      // through the very points that are added next, where the additions of lanes have no answer.
      const cases: { table: Uint8Array; digest: Uint8Array; rs: Uint8Array; expected: boolean }[] = []
      for (let d = 1n; d < 25n; d += 1n) {
        for (const key of [d, order - d, 1n << d, order - (1n << d)]) {
          const publicKey = plain.publicKeyCreate(word(key), false)
          const table = tableOf(publicKey)
          for (const nonce of [1n, 2n, 3n, d, 1n << 19n, order - (1n << 19n)]) {
            const point = plain.publicKeyCreate(word(nonce), false)
            const r = BigInt(`0x${Buffer.from(point.subarray(1, 33)).toString('hex')}`) % order
            for (const message of [0n, 1n, nonce, (order - ((r * key) % order)) % order]) {
              const s = (inverse(nonce) * (message + r * key)) % order
              if (s === 0n) continue
              const [digest, rs] = [word(message), join(r, s > order / 2n ? order - s : s)]
              cases.push({ table, digest, rs, expected: byLibrary(digest, rs, publicKey) })
            }
          }
        }
      }
      for (let first = 0; first + 8 <= cases.length; first += 8) {
        const eight = cases.slice(first, first + 8)
        const good = verifyMany(
          eight.map(({ table }) => table),
          Buffer.concat(eight.map(({ digest }) => digest)),
          Buffer.concat(eight.map(({ rs }) => rs)),
        )
        const answers = eight.map((_, index) => ((good >>> index) & 1) === 1)
        expect(answers).to.deep.equal(eight.map(({ expected }) => expected))
      }
      expect(cases.filter(({ expected }) => expected).length).to.be.greaterThan(1_000)
    }).timeout(120_000)

    it('takes between 1 and 32 signatures together, and arguments large enough for them', () => {
      const table = tableOf(plain.publicKeyCreate(word(1n), false))
      const refused = (count: number, digests: number, signatures: number): void => {
        const keys = Array.from({ length: count }, () => table)
        const call = (): number => verifyMany(keys, new Uint8Array(digests), new Uint8Array(signatures))
        expect(call, `${count} ${digests} ${signatures}`).to.throw(TypeError, '1 to 32 tables')
      }
      refused(0, 0, 0)
      refused(33, 33 * 32, 33 * 64)
      refused(2, 63, 128)
      refused(2, 64, 127)
      expect(() => verifyMany([table, new Uint8Array(3)], new Uint8Array(64), new Uint8Array(128))).to.throw(
        TypeError,
      )
      expect(verifyMany([table], new Uint8Array(1024), new Uint8Array(2048))).to.equal(0)
    })

    it('hashes as viem does, bytes of every length, also over what it hashed', () => {
      const check = (data: Uint8Array): void => {
        const hash = new Uint8Array(32)
        expect(keccak256(data, hash)).to.equal(hash)
        expect(bytesToHex(hash)).to.equal(hashOf(data))
      }
      for (let length = 0; length <= 600; length += 1)
        check(Uint8Array.from({ length }, (_, at) => at * 7 + length))
      fc.assert(fc.property(fc.uint8Array({ maxLength: 5_000 }), check), { numRuns: pairs })
      const data = new Uint8Array(100).fill(5)
      const expected = hashOf(data)
      expect(bytesToHex(keccak256(data, data.subarray(40, 72)))).to.equal(expected)
    }).timeout(60_000)

    it('hashes bytes only, into 32 bytes', () => {
      const hash = keccak256 as unknown as (...given: unknown[]) => unknown
      const thirtyTwo = new Uint8Array(32)
      for (const given of [[], [thirtyTwo], ['text', thirtyTwo], [new Uint16Array(3), thirtyTwo]]) {
        expect(() => hash(...given), String(given)).to.throw(TypeError, 'keccak256 takes')
      }
      for (const length of [0, 31, 33]) {
        expect(() => hash(thirtyTwo, new Uint8Array(length))).to.throw(TypeError, '32 bytes for the hash')
      }
    })

    it('makes no table of what is no point, and refuses arguments of another size', () => {
      const offCurve = new Uint8Array(65).fill(1)
      offCurve[0] = 4
      expect(prepare(offCurve)).to.equal(undefined)
      const table = tableOf(plain.publicKeyCreate(word(1n), false))
      expect(() => prepare(new Uint8Array(33))).to.throw(TypeError, '65 bytes')
      expect(() => verify(table, new Uint8Array(31), new Uint8Array(64))).to.throw(TypeError, '32 bytes')
      expect(() => verify(table, new Uint8Array(32), new Uint8Array(65))).to.throw(TypeError, '64 bytes')
      expect(() => verify(table.slice(1), new Uint8Array(32), new Uint8Array(64))).to.throw(TypeError)
    })
  })
}
