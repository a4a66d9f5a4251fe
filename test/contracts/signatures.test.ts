import { expect } from 'chai'
import {
  computeAddress,
  concat,
  dataSlice,
  getBytes,
  hexlify,
  type SigningKey,
  toBeHex,
  ZeroHash,
} from 'ethers'
import { agreeableWallet } from './support/funding.js'
import {
  compact,
  full,
  malleated,
  p256Key,
  p256Sign,
  saltOf,
  secpKey,
  voucherDigest,
  type Terms,
} from './support/terms.js'
import { createWorld, type World } from './support/world.js'

const osaka = await createWorld('osaka')
const prague = await createWorld('prague')
const { ethers, sessionKey, terms } = osaka
const browserKey = p256Key(7)
const owner = secpKey('owner')
const channel = terms()
const p256Terms = terms({ signer: browserKey.address })

const digest = (of: Terms, amount = 300n, world = osaka) => voucherDigest(world.place, world.id(of), amount)

/** Opens the channel if need be and expects the claim of 300 to be paid. */
async function accepts(of: Terms, signature: string, amount = 300n, world: World = osaka): Promise<void> {
  if ((await world.state(of)).openedAt === 0) await world.fund(of, 1_000n)
  await expect(world.claim(of, [world.item(of, amount, signature)]))
    .to.emit(world.channels, 'ChannelClaimed')
    .withArgs(world.id(of), amount)
}

/** Opens the channel if need be and expects the claim of 300 to be refused for its signature. */
async function refuses(of: Terms, signature: string, world: World = osaka): Promise<void> {
  if ((await world.state(of)).openedAt === 0) await world.fund(of, 1_000n)
  await expect(world.claim(of, [world.item(of, 300n, signature)]))
    .to.be.revertedWithCustomError(world.channels, 'InvalidVoucher')
    .withArgs(world.id(of), world.ethers.getAddress(of.signer), 300n)
}

/** The bytes with one bit flipped. */
function flipped(signature: string, byte: number): string {
  const bytes = getBytes(signature)
  bytes[byte] = (bytes[byte] ?? 0) ^ 1
  return hexlify(bytes)
}

describe('signatures', () => {
  beforeEach(async () => {
    await osaka.reset()
    await prague.reset()
  })

  describe('when the signer is a secp256k1 key', () => {
    it('accepts 65 bytes', async () => {
      await accepts(channel, full(sessionKey, digest(channel)))
    })

    it('accepts 64 bytes', async () => {
      await accepts(channel, compact(sessionKey, digest(channel)))
    })

    it('accepts both parities in both forms', async () => {
      const seen = new Set<string>()
      for (let amount = 1n; amount <= 16n; amount++) {
        const form = amount % 2n === 0n ? full : compact
        const parity = sessionKey.sign(digest(channel, amount)).yParity
        seen.add(`${form.name} ${parity}`)
        await accepts(channel, form(sessionKey, digest(channel, amount)), amount)
      }
      expect(seen.size).to.equal(4)
    })

    it('refuses a high s in 65 bytes', async () => {
      await refuses(channel, malleated(full(sessionKey, digest(channel))))
    })

    it('refuses a high s that 64 bytes cannot hold', async () => {
      const high = dataSlice(malleated(full(sessionKey, digest(channel))), 0, 64)
      await refuses(channel, high)
    })

    it('refuses v of 0, 1, 26 and 29', async () => {
      const start = dataSlice(full(sessionKey, digest(channel)), 0, 64)
      for (const v of ['00', '01', '1a', '1d']) await refuses(channel, `${start}${v}`)
    })

    it('refuses 63 and 66 bytes', async () => {
      const signature = full(sessionKey, digest(channel))
      await refuses(channel, dataSlice(signature, 0, 63))
      await refuses(channel, `${signature}00`)
    })

    it('refuses r or s of zero', async () => {
      const signature = compact(sessionKey, digest(channel))
      await refuses(channel, concat([ZeroHash, dataSlice(signature, 32)]))
      await refuses(channel, concat([dataSlice(signature, 0, 32), ZeroHash]))
    })
  })

  describe('when the signer is a P-256 key', () => {
    it('accepts 128 bytes on a chain with the precompile', async () => {
      await accepts(p256Terms, p256Sign(browserKey, digest(p256Terms)))
    })

    it('refuses a high s', async () => {
      await refuses(p256Terms, p256Sign(browserKey, digest(p256Terms), 'high'))
    })

    it('refuses a flipped bit in every quarter', async () => {
      const signature = p256Sign(browserKey, digest(p256Terms))
      for (const byte of [5, 40, 70, 100]) await refuses(p256Terms, flipped(signature, byte))
    })

    it("refuses another P-256 key's signature", async () => {
      await refuses(p256Terms, p256Sign(p256Key(8), digest(p256Terms)))
    })

    it('refuses a signature over a digest hashed twice', async () => {
      await refuses(p256Terms, p256Sign(browserKey, ethers.sha256(digest(p256Terms))))
    })

    it('refuses 127 and 129 bytes', async () => {
      const signature = p256Sign(browserKey, digest(p256Terms))
      await refuses(p256Terms, dataSlice(signature, 0, 127))
      await refuses(p256Terms, `${signature}00`)
    })
  })

  describe('when the signer is a P-256 key on a chain without the precompile', () => {
    const pragueTerms = prague.terms({ signer: browserKey.address })
    const pragueDigest = digest(pragueTerms, 300n, prague)

    it("accepts 128 bytes by OpenZeppelin's verification in Solidity", async () => {
      const { provider } = prague.ethers
      const wellKnown = concat([
        '0xbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023',
        toBeHex(5, 32),
        toBeHex(1, 32),
        '0xa71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac957',
        '0x5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b',
      ])
      const precompile = { to: toBeHex(0x100, 20), data: wellKnown }
      expect(await provider.call(precompile)).to.equal('0x')
      expect(await ethers.provider.call(precompile)).to.equal(toBeHex(1, 32))
      await accepts(pragueTerms, p256Sign(browserKey, pragueDigest), 300n, prague)
    })

    it('refuses what the precompile refuses', async () => {
      const signature = p256Sign(browserKey, pragueDigest)
      await refuses(pragueTerms, p256Sign(browserKey, pragueDigest, 'high'), prague)
      for (const byte of [5, 40, 70, 100]) await refuses(pragueTerms, flipped(signature, byte), prague)
    })
  })

  describe('when the signer is a contract wallet', () => {
    it('accepts what the wallet accepts', async () => {
      const wallet = await ethers.deployContract('RotatingWallet', [computeAddress(owner.publicKey)])
      const of = terms({ signer: await wallet.getAddress() })
      await accepts(of, full(owner, digest(of)))
    })

    it('accepts 64 and 128 bytes if the wallet does', async () => {
      const wallet = await agreeableWallet(osaka)
      const of = terms({ signer: await wallet.getAddress() })
      await accepts(of, `0x${'11'.repeat(64)}`, 300n)
      await accepts(of, `0x${'11'.repeat(128)}`, 301n)
      await accepts(of, '0x', 302n)
    })

    it('refuses what the wallet refuses', async () => {
      const wallet = await ethers.deployContract('RotatingWallet', [computeAddress(owner.publicKey)])
      const of = terms({ signer: await wallet.getAddress() })
      await refuses(of, full(sessionKey, digest(of)))
    })

    it("follows the wallet's change of owner", async () => {
      const wallet = await ethers.deployContract('RotatingWallet', [computeAddress(owner.publicKey)])
      const of = terms({ signer: await wallet.getAddress() })
      await wallet.setOwner(computeAddress(sessionKey.publicKey))
      await refuses(of, full(owner, digest(of)))
      await accepts(of, full(sessionKey, digest(of)))
    })

    it('refuses a wallet that reverts', async () => {
      const wallet = await ethers.deployContract('AnsweringWallet')
      await wallet.setAnswer(concat(['0x1626ba7e', `0x${'00'.repeat(28)}`]), true)
      await refuses(terms({ signer: await wallet.getAddress() }), '0x')
    })

    it('refuses an answer shorter than a word', async () => {
      const wallet = await ethers.deployContract('AnsweringWallet')
      await wallet.setAnswer('0x1626ba7e', false)
      await refuses(terms({ signer: await wallet.getAddress() }), '0x')
    })

    it('refuses another magic value', async () => {
      const wallet = await ethers.deployContract('AnsweringWallet')
      await wallet.setAnswer(toBeHex(1, 32), false)
      await refuses(terms({ signer: await wallet.getAddress() }), '0x')
    })

    it('refuses a magic value with dirty bits behind it', async () => {
      const wallet = await ethers.deployContract('AnsweringWallet')
      await wallet.setAnswer(concat(['0x1626ba7e', `0x${'00'.repeat(27)}`, '0x01']), false)
      await refuses(terms({ signer: await wallet.getAddress() }), '0x')
    })
  })

  describe('when the signer is an EIP-7702 account', () => {
    it('still accepts its key, though its code refuses every signature', async () => {
      const of = await delegated('RefusingDelegate')
      await accepts(of.terms, full(of.key, digest(of.terms)), 300n)
      await accepts(of.terms, compact(of.key, digest(of.terms, 301n)), 301n)
    })

    it('accepts what its code accepts', async () => {
      const of = await delegated('HostileWallet')
      await accepts(of.terms, '0x5afe')
    })

    it("refuses a stranger's signature", async () => {
      const of = await delegated('RefusingDelegate')
      await refuses(of.terms, full(owner, digest(of.terms)))
    })
  })

  describe('when the signer has no code and the signature recovers to nobody', () => {
    it('refuses an empty signature', async () => {
      await refuses(terms({ salt: saltOf(5) }), '0x')
    })
  })
})

/** A fresh account that delegated to the named code by a real EIP-7702 authorization, as a channel's signer. */
async function delegated(
  code: 'RefusingDelegate' | 'HostileWallet',
): Promise<{ key: SigningKey; terms: Terms }> {
  const key = secpKey(`delegating to ${code}`)
  const account = new ethers.Wallet(key, ethers.provider)
  const delegate = await ethers.deployContract(code)
  const authorization = await account.authorize({ address: await delegate.getAddress(), nonce: 0 })
  const sponsor = new ethers.Wallet(secpKey('sponsor'), ethers.provider)
  await osaka.networkHelpers.setBalance(sponsor.address, 10n ** 18n)
  const sent = await sponsor.sendTransaction({
    type: 4,
    to: account.address,
    authorizationList: [authorization],
  })
  await sent.wait()
  const installed = await ethers.provider.getCode(account.address)
  expect(installed).to.equal(concat(['0xef0100', await delegate.getAddress()]))
  return { key, terms: terms({ signer: account.address }) }
}
