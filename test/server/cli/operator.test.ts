import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { after, before, describe, it } from 'mocha'
import type { Running } from './support.js'
import { base, createWorld, only, type World } from './world.js'

type Check = { readonly name: string; readonly status: string; readonly message: string }

/** What doctor says of the channels. */
function checkOf(report: Record<string, unknown>): Check {
  const found = (report['checks'] as readonly Check[]).find(({ name }) => name === 'channels')
  if (found === undefined) throw new Error('doctor says nothing of the channels')
  return found
}

const ether = 10n ** 18n

describe('an operator', function () {
  this.timeout(60_000)
  let world: World
  let server: Running

  before(async () => {
    world = await createWorld(['--window', '1', '--credit', '1'])
  })

  after(() => world.stop())

  it('claims by a voucher over no more than was delivered, and is told so', async () => {
    const payer = await world.payer(ether)
    let url: string
    ;({ server, url } = await world.serve())
    const watching = world.start(['watch', url, '--budget', '0.01', '--for', '3', '--keep'], payer.env)
    expect((await watching.ended).code).to.equal(0)
    const channelId = String(only(watching.events, 'left')['channelId'])
    const { value } = await world.sluiceJson(['channels', 'view', channelId])
    const { code, stdout } = await world.sluice(['channels', 'claim', '--all', '--yes'])
    expect(stdout).to.match(/^ {2}earned {2}0x[0-9a-f]{6}…[0-9a-f]{4}: 0\.\d+ ETH in all, by a voucher over/m)
    expect(code).to.equal(0)
    const paid = await world.balance(world.payee)
    expect(paid > 0n && paid <= base(value['spent'])).to.equal(true)
  })

  it('is told by doctor and serve that the key is not the one of its channels', async () => {
    const { value } = await world.sluiceJson(['doctor'])
    expect(checkOf(value)).to.include({ status: 'ok' })
    server.signal('SIGTERM')
    await server.ended
    const key = generatePrivateKey()
    const { address } = privateKeyToAccount(key)
    const wrong = await world.sluiceJson(['doctor'], { SLUICE_PRIVATE_KEY: key })
    expect(wrong.code).to.equal(1)
    const { status, message } = checkOf(wrong.value)
    expect(status).to.equal('fail')
    expect(message).to.contain(`${address} may not end 1 channels`)
    const refused = await world.sluice(['serve', '--port', '0'], { SLUICE_PRIVATE_KEY: key })
    expect(refused.code).to.equal(1)
    expect(refused.stderr).to.contain('This key may not end 1 channels of the store. Use the key of 0x')
  })
})
