import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { base, createWorld, only, type World } from './world.js'

const ether = 10n ** 18n

describe('channels claim', function () {
  this.timeout(60_000)
  let world: World

  before(async () => {
    world = await createWorld(['--window', '1', '--credit', '1'])
  })

  after(() => world.stop())

  it('takes a voucher over no more than was delivered, and says so', async () => {
    const payer = await world.payer(ether)
    const { url } = await world.serve()
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
})
