import { expect } from 'chai'
import { dataSlice, getAddress, keccak256, toBeHex, toBigInt } from 'ethers'
import { network } from 'hardhat'
import { bytesToHex } from '../../sdk/dist/crypto/bytes.js'
import { computeChannelId } from '../../sdk/dist/crypto/channelId.js'
import { createDigests } from '../../sdk/dist/crypto/digests.js'
import { loadKeccak } from '../../sdk/dist/crypto/keccak.js'
import type { Channel, Hex } from '../../sdk/dist/types.js'

const comparisons = process.env['SLUICE_DEEP'] === '1' ? 100_000 : 2_000
const atOnce = 250

/** The same pseudo-random words on every run. */
function words(seed: bigint) {
  let last = toBeHex(seed, 32)
  const word = (): Hex => (last = keccak256(last)) as Hex
  const address = () => getAddress(dataSlice(word(), 12)) as Hex
  // Small values matter as much as large ones: any number of leading bits may be zero.
  const uint = (bits: bigint) => (toBigInt(word()) % 2n ** bits) >> (toBigInt(word()) % bits)
  return { word, address, uint }
}

describe('hashes of the SDK', () => {
  it(`are the contract's, ${String(comparisons)} times at random (I11)`, async () => {
    const connection = await network.create()
    const { ethers } = connection
    const harness = await ethers.deployContract('StreamChannelsHarness')
    const deployment = {
      chainId: Number((await ethers.provider.getNetwork()).chainId),
      contract: (await harness.getAddress()) as Hex,
    }
    const crypto = { keccak256: await loadKeccak() }
    const digests = createDigests(crypto, deployment)
    const { word, address, uint } = words(20_270_101n)
    const channel = (): Channel => ({
      payer: address(),
      payee: address(),
      operator: address(),
      token: address(),
      signer: address(),
      grace: Number(uint(32n)),
      rate: uint(96n),
      burst: uint(96n),
      salt: word(),
    })

    let compared = 0
    while (compared < comparisons) {
      const inputs = Array.from({ length: atOnce }, () => ({
        channel: channel(),
        cumulative: uint(96n),
        captured: uint(96n),
      }))
      const expected = await harness.hashes(
        inputs.map((input) => input.channel),
        inputs.map((input) => input.cumulative),
        inputs.map((input) => input.captured),
      )
      const computed = inputs.map(({ channel: terms, cumulative, captured }) => {
        const id = computeChannelId(crypto, deployment, terms)
        return [id, bytesToHex(digests.voucher(id, cumulative)), bytesToHex(digests.close(id, captured))]
      })
      expect(computed).to.deep.equal(expected.map((each) => [...each]))
      compared += inputs.length
    }
    expect(compared).to.equal(comparisons)
    await connection.close()
  }).timeout(1_200_000)
})
