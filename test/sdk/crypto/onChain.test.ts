import { expect } from 'chai'
import { network } from 'hardhat'
import { Signature } from 'ethers'
import { bytesToHex } from '../../../sdk/dist/crypto/bytes.js'
import { computeChannelId } from '../../../sdk/dist/crypto/channelId.js'
import type { SluiceCrypto } from '../../../sdk/dist/crypto/crypto.js'
import {
  createOperatorSigner,
  createVoucherSigner,
  type SigningKey,
} from '../../../sdk/dist/crypto/signer.js'
import { createSignatureVerifier } from '../../../sdk/dist/crypto/verifier.js'
import {
  zeroAddress,
  type Address,
  type Channel,
  type Deployment,
  type Hex,
} from '../../../sdk/dist/types.js'
import { browserCrypto, nativeCrypto, word } from './support.js'

const deposited = 1_000n
const granted = 600n

/** A chain with the contract on it. */
async function createWorld() {
  const connection = await network.create()
  const { ethers } = connection
  const [payer, payee, stranger] = await ethers.getSigners()
  if (payer === undefined || payee === undefined || stranger === undefined) return expect.fail('no accounts')
  const contract = await ethers.deployContract('StreamChannels')
  const { chainId } = await ethers.provider.getNetwork()
  const deployment: Deployment = {
    chainId: Number(chainId),
    contract: (await contract.getAddress()) as Address,
  }

  /** Opens a channel in the native coin. */
  async function open(crypto: SluiceCrypto, signer: Address, operator: Address = zeroAddress) {
    const channel: Channel = {
      payer: payer?.address as Address,
      payee: payee?.address as Address,
      operator,
      token: zeroAddress,
      signer,
      grace: 3_600,
      rate: 0n,
      burst: 0n,
      salt: word(1n),
    }
    await contract.deposit(channel, deposited, { value: deposited })
    return { channel, channelId: computeChannelId(crypto, deployment, channel) }
  }

  async function claim(channel: Channel, cumulativeAmount: bigint, signature: Hex) {
    const { payee, operator, token } = channel
    await contract
      .connect(stranger)
      .claim(payee, operator, token, [{ ...channel, cumulativeAmount, signature }])
  }

  return { connection, contract, deployment, stranger, open, claim }
}

const privateKey: SigningKey = { kind: 'secp256k1', privateKey: word(77n) }

describe('sdk signatures on the chain', () => {
  let world: Awaited<ReturnType<typeof createWorld>>

  beforeEach(async () => {
    world = await createWorld()
  })

  afterEach(async () => {
    await world.connection.close()
  })

  const keys: readonly [string, SluiceCrypto, () => Promise<SigningKey>][] = [
    ['a WebCrypto P-256 key', browserCrypto, () => newP256Key(browserCrypto)],
    ['a node:crypto P-256 key', nativeCrypto, () => newP256Key(nativeCrypto)],
    ['a secp256k1 key, portable', browserCrypto, () => Promise.resolve(privateKey)],
    ['a secp256k1 key, native', nativeCrypto, () => Promise.resolve(privateKey)],
  ]
  for (const [name, crypto, newKey] of keys) {
    it(`the contract pays out a voucher of ${name}, and nothing above it (I5)`, async () => {
      const signer = createVoucherSigner(crypto, world.deployment, await newKey())
      const { channel, channelId } = await world.open(crypto, signer.address)
      expect(await world.contract.channelId(channel)).to.equal(channelId)
      // More than one voucher: half of all raw P-256 signatures have a high s.
      for (let amount = granted - 8n; amount <= granted; amount++) {
        await world.claim(channel, amount, await signer.signVoucher(channelId, amount))
      }
      const forged = world.claim(channel, granted + 1n, await signer.signVoucher(channelId, granted))
      await expectRevert(forged, 'InvalidVoucher')
      const state = await world.contract.channelState(channelId)
      expect(state.claimed).to.equal(granted)
    })
  }

  it('a voucher with the wrong v reverts on the chain until it is normalized', async () => {
    const signer = createVoucherSigner(nativeCrypto, world.deployment, privateKey)
    const { channel, channelId } = await world.open(nativeCrypto, signer.address)
    const { r, s, yParity } = Signature.from(await signer.signVoucher(channelId, granted))
    const signature = Signature.from({ r, s, yParity: yParity === 0 ? 1 : 0 }).serialized as Hex
    const voucher = { channelId, cumulativeAmount: granted, signature }
    const verifier = createSignatureVerifier(nativeCrypto, world.deployment)
    expect(verifier.verifyVoucher(signer.address, voucher)).to.equal(true)
    await expectRevert(world.claim(channel, granted, signature), 'InvalidVoucher')
    await world.claim(channel, granted, verifier.normalizeVoucher(signer.address, voucher).signature)
    expect((await world.contract.channelState(channelId)).claimed).to.equal(granted)
  })

  it("an operator's signed close ends the channel at its amount", async () => {
    const signer = createVoucherSigner(nativeCrypto, world.deployment, privateKey)
    const operator = createOperatorSigner(nativeCrypto, world.deployment, word(78n))
    const { channel, channelId } = await world.open(nativeCrypto, signer.address, operator.address)
    const voucher = await signer.signVoucher(channelId, granted)
    const consent = await operator.signClose(channelId, granted - 1n)
    const byStranger = world.contract.connect(world.stranger)
    await expectRevert(byStranger.close(channel, granted, granted, voucher, consent), 'InvalidClose')
    await byStranger.close(channel, granted, granted - 1n, voucher, consent)
    const state = await world.contract.channelState(channelId)
    expect([state.claimed, state.closed]).to.deep.equal([granted - 1n, true])
  })
})

async function newP256Key(crypto: SluiceCrypto): Promise<SigningKey> {
  const { publicKey, secret } = await crypto.p256.generate()
  return { kind: 'p256', publicKey: bytesToHex(publicKey), secret }
}

async function expectRevert(transaction: Promise<unknown>, error: string): Promise<void> {
  const outcome = await transaction.then(
    () => 'success',
    (reason: unknown) => String(reason),
  )
  expect(outcome).to.include(error)
}
