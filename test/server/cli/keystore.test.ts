import { expect } from 'chai'
import { encryptKeystoreJson, Wallet } from 'ethers'
import { describe, it } from 'mocha'
import { decryptKey, encryptKey, keystoreAddress } from '../../../server/dist/cli/keystore.js'

const privateKey = '0x0123456789012345678901234567890123456789012345678901234567890123'
const { address } = new Wallet(privateKey)
/** Little, for the format is what is tested. */
const cost = { n: 1024, r: 8, p: 1 }
const random = (length: number): Uint8Array => new Uint8Array(length).fill(7)

describe('key files', () => {
  it('are opened by ethers', async () => {
    const text = await encryptKey(privateKey, 'correct horse', random, cost)
    const wallet = await Wallet.fromEncryptedJson(text, 'correct horse')
    expect(wallet.privateKey).to.equal(privateKey)
    expect(text).not.to.contain(privateKey.slice(2))
  })

  it('of ethers are opened, passphrases in any Unicode form alike', async () => {
    const text = await encryptKeystoreJson({ address, privateKey }, 'ñandú', { scrypt: { N: 1024 } })
    const decomposed = 'ñandú'.normalize('NFD')
    expect(await decryptKey(JSON.parse(text), decomposed, 'key.json')).to.equal(privateKey)
    expect(keystoreAddress(JSON.parse(text))).to.equal(address.toLowerCase())
  })

  it('are not opened by another passphrase', async () => {
    const text = await encryptKey(privateKey, 'right', random, cost)
    const error = await decryptKey(JSON.parse(text), 'wrong', 'key.json').catch((caught: unknown) => caught)
    expect(error).to.have.property('message', 'The passphrase does not open key.json.')
  })

  it('of another kind are refused by name', async () => {
    const error = await decryptKey({ version: 1 }, 'x', 'key.json').catch((caught: unknown) => caught)
    expect(error).to.have.property('message').that.contains('key.json')
    expect(keystoreAddress({ version: 1 })).to.equal(undefined)
  })
})
