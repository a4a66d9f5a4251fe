import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseEther, type Hex } from 'viem'
import { base, createWorld, type Payer, type World } from './world.js'

const hour = 3600

describe('escrow by command line', function () {
  this.timeout(300_000)
  let world: World
  let payer: Payer
  let receiver: Payer
  let arbiter: Payer

  before(async () => {
    world = await createWorld()
    payer = await world.payer(parseEther('1'))
    receiver = await world.payer(parseEther('1'))
    arbiter = await world.payer(parseEther('1'))
  })

  after(() => world.stop())

  const run = (who: Payer, ...args: string[]) => world.sluice(['escrow', ...args], who.env)
  const yes = (who: Payer, ...args: string[]) => world.sluiceJson(['escrow', ...args, '--yes'], who.env)
  const init = (order: string, ...more: string[]) => {
    const parties = ['--payer', payer.address, '--receiver', receiver.address]
    return run(payer, 'init', '--order', order, ...parties, '--amount', '0.05', ...more)
  }

  it('writes terms, and pays only when somebody says yes', async () => {
    expect((await run(payer, 'init', '--amount', '1')).code).to.equal(2)
    expect((await init('order.json', '--refund-hours', '1')).code).to.equal(0)
    const refused = await run(payer, 'authorize')
    expect(refused.code, refused.stderr).to.equal(3)
    expect(refused.stderr).to.include('1 of 1: Authorize 0.05 ETH')
    const paid = await yes(payer, 'authorize')
    expect(paid.value, paid.stderr).to.include({ status: 'open', resumed: false })
    expect(base(paid.value['authorized'])).to.equal(parseEther('0.05'))
    const again = await run(payer, 'authorize', '--yes')
    expect(again.code).to.equal(1)
    expect(again.stderr).to.include('This order was paid already.')
  })

  it('captures, refunds and voids, and names what the contract would refuse', async () => {
    const stolen = await run(payer, 'capture', '0.01', '--yes')
    expect(stolen.code).to.equal(1)
    expect(stolen.stderr).to.include('Only the receiver or its operator can do this.')
    const captured = await yes(receiver, 'capture', '0.02')
    expect(base(captured.value['released']), captured.stderr).to.equal(parseEther('0.02'))
    const refunded = await yes(receiver, 'refund', '0.01')
    expect(base(refunded.value['released']), refunded.stderr).to.equal(parseEther('0.01'))
    const voided = await run(receiver, 'void', '--yes')
    const [, hash = ''] = /^· sent (0x[0-9a-f]{64})$/m.exec(voided.stderr) ?? []
    expect(hash, voided.stderr).to.have.length(66)
    expect(voided.stdout, voided.stderr).to.match(/^status +over$/m)
    expect(voided.stdout).to.include(`transaction ${hash}`)
    expect(await world.balance(payer.address)).to.equal(
      parseEther('0.99') - (await world.gasPaidBy(payer.address)),
    )
  })

  it('does nothing again that an interrupted run had sent', async () => {
    const note = join(world.folder, 'resumed.sent.jsonl')
    await init('resumed.json')
    const order = ['--order', 'resumed.json']
    const { value } = await yes(payer, 'authorize', ...order)
    const sent = async (who: Payer, verb: string, hash: unknown) => {
      const purpose = `${verb} ${who.address.toLowerCase()}`
      await world.noteSent('resumed.json', { about: value['orderId'], purpose, hash })
    }
    // As if the run had been stopped while it waited.
    await sent(payer, 'authorize', value['transaction'])
    const resumed = await yes(payer, 'authorize', ...order)
    expect(resumed.value, resumed.stderr).to.include({ resumed: true, transaction: value['transaction'] })
    const last = (await readFile(note, 'utf8')).trim().split('\n').at(-1)
    expect(JSON.parse(last ?? '')).to.include({ about: value['orderId'], hash: null })
    const lost: Hex = `0x${'11'.repeat(32)}`
    await sent(receiver, `capture ${parseEther('0.01')}`, lost)
    // Another amount is another capture.
    const other = await yes(receiver, 'capture', '0.005', ...order)
    expect(base(other.value['released']), other.stderr).to.equal(parseEther('0.005'))
    const unknown = await run(receiver, 'capture', '0.01', '--yes', ...order)
    expect(unknown.code).to.equal(1)
    expect(unknown.stderr).to.include('--forget').and.to.include(lost)
    const forgotten = await yes(receiver, 'capture', '0.01', '--forget', ...order)
    expect(base(forgotten.value['released']), forgotten.stderr).to.equal(parseEther('0.015'))
  })

  it('disputes and rules, settles by a signature, and reclaims in the end', async () => {
    const order = ['--order', 'disputed.json']
    await init(
      'disputed.json',
      '--dispute',
      String(hour),
      '--ruling',
      String(hour),
      '--arbiter',
      arbiter.address,
    )
    await yes(payer, 'authorize', ...order)
    await yes(receiver, 'capture', '0.03', ...order)
    const disputed = await yes(payer, 'dispute', ...order)
    expect(base(disputed.value['disputed']), disputed.stderr).to.equal(parseEther('0.03'))
    const wrong = await run(arbiter, 'rule', '0.03', '0.03', '--yes', ...order)
    expect(wrong.code).to.equal(1)
    const ruled = await yes(arbiter, 'rule', '0.01', '0.02', ...order)
    expect(base(ruled.value['released']), ruled.stderr).to.equal(parseEther('0.01'))
    const agreed = await yes(payer, 'agree', '0', '0.02', ...order)
    const { signature, deadline } = agreed.value
    const terms = ['--deadline', String(deadline), '--payer-signature', String(signature)]
    const settled = await yes(receiver, 'settle', '0', '0.02', ...terms, ...order)
    expect(settled.value, settled.stderr).to.include({ status: 'over' })

    await init('late.json', '--capture-hours', '1')
    await yes(payer, 'authorize', '--order', 'late.json')
    await world.later(hour)
    const reclaimed = await yes(arbiter, 'reclaim', '--order', 'late.json')
    expect(reclaimed.value, reclaimed.stderr).to.include({ status: 'over' })
  })

  it('shows an order, and lists those of an account from the chain alone, going on where it ended', async () => {
    const shown = await world.sluiceJson(['escrow', 'show'], payer.env)
    expect(shown.value, shown.stderr).to.include({ status: 'over' })
    const list = async (...args: string[]) => {
      const { stdout, stderr, code } = await run(payer, 'list', ...args, '--json')
      expect(code, stderr).to.equal(0)
      return JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[]
    }
    const all = await list(payer.address, '--role', 'payer')
    expect(all).to.have.length(4)
    expect(await list(payer.address, '--role', 'payer', '--keep', 'orders.kept')).to.deep.equal(all)
    expect(await list(payer.address, '--role', 'payer', '--keep', 'orders.kept')).to.deep.equal(all)
    expect(await list(arbiter.address, '--role', 'arbiter')).to.have.length(1)
    const other = await run(payer, 'list', arbiter.address, '--keep', 'orders.kept')
    expect(other.code).to.equal(1)
  })
})
