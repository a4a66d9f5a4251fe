import { expect } from 'chai'
import { parseEther } from 'viem'
import { base, createWorld, type Payer, type World } from './world.js'

const hour = 3600

describe('subscriptions by command line', function () {
  this.timeout(180_000)
  let world: World
  let merchant: Payer
  let subscriber: Payer
  let keeper: Payer

  before(async () => {
    world = await createWorld()
    merchant = await world.payer(parseEther('1'))
    subscriber = await world.payer(parseEther('1'))
    keeper = await world.payer(parseEther('1'))
  })

  after(() => world.stop())

  const yes = (args: readonly string[], who: Payer) => world.sluiceJson([...args, '--yes'], who.env)
  const show = () => world.sluiceJson(['subscription', 'show', subscriber.address], subscriber.env)

  it('writes a plan, and publishes it only when somebody says yes', async () => {
    const terms = ['--price', '0.01', '--tip', '0.001', '--seconds', String(hour), '--grace', '600']
    const init = ['plan', 'init', '--merchant', merchant.address, ...terms]
    expect((await world.sluice(init, merchant.env)).code).to.equal(0)
    const refused = await world.sluice(['plan', 'create'], merchant.env)
    expect(refused.code).to.equal(3)
    expect(refused.stderr).to.match(/gas {3}about \d+/)
    const created = await yes(['plan', 'create'], merchant)
    expect(created.value, created.stderr).to.include({ created: true })
    expect((await yes(['plan', 'create'], merchant)).value).to.include({ created: false })
  })

  it('subscribes with one payment in advance, and again changes nothing', async () => {
    const subscribe = ['subscription', 'subscribe', '--prepaid', '0.05']
    const { value, stderr } = await yes(subscribe, subscriber)
    expect(value, stderr).to.include({ created: true })
    expect(base(value['balance'])).to.equal(parseEther('0.04'))
    expect(await world.balance(merchant.address)).to.equal(
      parseEther('1.01') - (await world.gasPaidBy(merchant.address)),
    )
    expect((await yes(subscribe, subscriber)).value).to.include({ created: false })
    expect((await show()).value).to.include({ active: true })
  })

  it('charges what is due, once, and gives the keeper its tip', async () => {
    const keep = ['subscription', 'keep', '--once', '--factor', '1']
    expect((await yes(keep, keeper)).stdout).to.include('"submitted": []')
    await world.later(hour)
    const { code, stdout, stderr } = await world.sluice([...keep, '--json', '--yes'], keeper.env)
    expect(code, stderr).to.equal(0)
    expect(stdout.toLowerCase()).to.include(subscriber.address.toLowerCase())
    expect(await world.balance(keeper.address)).to.equal(
      parseEther('1.001') - (await world.gasPaidBy(keeper.address)),
    )
    expect(base((await show()).value['balance'])).to.equal(parseEther('0.03'))
    const again = await world.sluice([...keep, '--json', '--yes'], keeper.env)
    expect(again.stdout).to.include('"submitted": []')
  })

  it('lowers the price for everybody, and refuses to raise it', async () => {
    expect((await yes(['plan', 'lower', '0.02'], merchant)).code).to.equal(2)
    expect((await yes(['plan', 'lower', '0.005'], merchant)).code).to.equal(0)
    await world.later(hour)
    const { value, stderr } = await yes(['subscription', 'charge', subscriber.address], keeper)
    expect(value['charged'], stderr).to.have.length(1)
    expect(base((await show()).value['balance'])).to.equal(parseEther('0.025'))
  })

  it('tells what an interrupted run had charged, and who could not be charged, as that run would have', async () => {
    const charge = ['subscription', 'charge', subscriber.address, merchant.address]
    await world.later(hour)
    const { value: first, stderr } = await yes(charge, keeper)
    expect(first, stderr).to.include({ resumed: false })
    expect([first['charged'], first['failed']].map((rows) => (rows as unknown[]).length)).to.deep.equal([
      1, 1,
    ])
    const { planId: about } = (await world.sluiceJson(['plan', 'show'], merchant.env)).value
    const purpose = [...charge.slice(1), keeper.address].join(' ').toLowerCase()
    await world.noteSent('plan.json', { about, purpose, hash: first['transaction'] })
    const resumed = await yes(charge, keeper)
    expect(resumed.value, resumed.stderr).to.deep.equal({ ...first, resumed: true })
    expect(base((await show()).value['balance'])).to.equal(parseEther('0.02'))
  })

  it('pauses, resumes and cancels, and says why nothing is charged', async () => {
    expect((await yes(['subscription', 'pause'], subscriber)).code).to.equal(0)
    expect((await show()).value).to.deep.include({ renewal: { reason: 'paused', found: '0', needed: '0' } })
    expect((await yes(['subscription', 'resume'], subscriber)).code).to.equal(0)
    expect((await yes(['subscription', 'cancel'], subscriber)).code).to.equal(0)
    await world.later(hour)
    const refused = await world.sluice(['subscription', 'charge', subscriber.address, '--yes'], keeper.env)
    expect(refused.code).to.equal(1)
    expect((await show()).value).to.include({ active: false })
  })

  it('does nothing again that an interrupted run had sent, and takes no other plan for this one', async () => {
    const { planId: about } = (await world.sluiceJson(['plan', 'show'], merchant.env)).value
    const purpose = `lower 4000000000000000 ${merchant.address.toLowerCase()}`
    const lower = ['plan', 'lower', '0.004']
    await world.noteSent('plan.json', {
      about: `0x${'22'.repeat(32)}`,
      purpose,
      hash: `0x${'33'.repeat(32)}`,
    })
    const lowered = await yes(lower, merchant)
    expect(lowered.code, lowered.stderr).to.equal(0)
    expect(lowered.stderr).not.to.include('33'.repeat(32))
    expect((await yes(lower, merchant)).code, 'it is not lower any more').to.equal(2)
    const { transaction: hash } = lowered.value
    await world.noteSent('plan.json', { about, purpose, hash })
    const resumed = await yes(lower, merchant)
    expect(resumed.value, resumed.stderr).to.include({ transaction: hash })
    expect((await yes(lower, merchant)).code, 'and that is known now').to.equal(2)
  })

  it('lists who subscribed, from the chain alone', async () => {
    const { stdout } = await world.sluice(['subscription', 'list', '--json'], merchant.env)
    const rows = JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[]
    expect(rows).to.have.length(1)
    expect(rows[0]).to.include({ reason: 'ended' })
  })
})
