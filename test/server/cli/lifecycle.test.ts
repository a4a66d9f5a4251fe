import { expect } from 'chai'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { base, createWorld, only, type Payer, type World } from './world.js'
import type { Running } from './support.js'

const ether = 10n ** 18n
const passphrase = 'correct horse battery staple'

type Row = Readonly<Record<string, unknown>> & { readonly channelId: string; readonly status: string }

describe('the command from init to the last balance', function () {
  this.timeout(60_000)
  let world: World
  let server: Running
  let url: string
  let payer: Payer

  before(async () => {
    world = await createWorld(['--title', 'This machine', '--grace', '900'], passphrase)
    payer = await world.payer(ether)
    ;({ server, url } = await world.serve())
  })

  after(() => world.stop())

  async function rows(args: readonly string[] = []): Promise<readonly Row[]> {
    const { value } = await world.sluiceJson(['channels', 'list', ...args])
    return value['channels'] as readonly Row[]
  }

  it('init left an encrypted key that only this user can read, and settings without it', async () => {
    const path = join(world.folder, 'operator.key.json')
    const key = JSON.parse(await readFile(path, 'utf8')) as { crypto: { kdfparams: { n: number } } }
    expect(key.crypto.kdfparams.n).to.equal(131_072)
    expect((await stat(path)).mode & 0o077).to.equal(0)
    expect(await readFile(join(world.folder, 'sluice.json'), 'utf8')).not.to.contain('privateKey')
  })

  it('doctor finds nothing to do while the server runs', async () => {
    const { code, value } = await world.sluiceJson(['doctor', '--rpc', world.node.url])
    const checks = value['checks'] as readonly { name: string; status: string; message: string }[]
    expect(checks.filter(({ status }) => status !== 'ok')).to.deep.equal([])
    expect(checks.map(({ name }) => name)).to.include.members([
      'node',
      'crypto',
      'key',
      'store',
      'port',
      'rpc',
      'clock',
      'contract',
      'token',
      'gas',
    ])
    expect(code).to.equal(0)
  })

  it('watch pays for five seconds and a tip, stops, and every balance is exact', async () => {
    const payeeBefore = await world.balance(world.payee)
    const watching = world.start(
      ['watch', url, '--budget', '0.01', '--for', '5', '--tip', '0.0005:well done'],
      payer.env,
    )
    const { code, stderr } = await watching.ended
    expect(stderr).to.equal('')
    expect(code).to.equal(0)

    const offer = only(watching.events, 'offer')
    expect(offer).to.deep.include({ title: 'This machine', price: '0.006 ETH/min', seconds: 100 })
    expect(base(only(watching.events, 'channel')['deposited'])).to.equal(ether / 100n)
    expect(only(watching.events, 'tipped')).to.deep.include({ amount: '0.0005', message: 'well done' })
    const samples = watching.events.filter(({ event }) => event === 'data')
    expect((samples[0]?.['payload'] as { kind: string }).kind).to.equal('telemetry')
    expect(samples.length).to.be.greaterThan(20)
    // What the payee signed last: ten samples a second at 0.0001 a second, and the tip.
    const receipt = watching.events.filter(({ event }) => event === 'receipt').at(-1)
    const spent = base(receipt?.['spent'])
    const units = BigInt(String(receipt?.['units']))
    expect(spent).to.equal((units * (ether / 10_000n)) / 1000n + ether / 2000n)
    expect(units % 100n).to.equal(0n)
    expect(units / 100n >= BigInt(samples.length)).to.equal(true)

    const stopped = only(watching.events, 'stopped')
    const captured = base(stopped['captured'])
    expect(captured).to.equal(spent)
    expect(base(stopped['refunded'])).to.equal(ether / 100n - captured)
    expect((await world.balance(world.payee)) - payeeBefore).to.equal(captured)
    expect(await world.balance(payer.address)).to.equal(
      ether - captured - (await world.gasPaidBy(payer.address)),
    )
    expect((await server.until(({ event }) => event === 'tip'))['message']).to.equal('well done')
  })

  it('watch --keep leaves the channel, which list and view show beside the running server', async () => {
    const watching = world.start(['watch', url, '--budget', '0.01', '--for', '1', '--keep'], payer.env)
    expect((await watching.ended).code).to.equal(0)
    const { channelId } = only(watching.events, 'left')

    const [row, ...others] = await rows()
    expect(others).to.deep.equal([])
    expect(row).to.deep.include({ channelId, status: 'open', fresh: true })
    expect(base(row?.['vouchers']) >= base(row?.['spent'])).to.equal(true)
    expect((await rows(['--all'])).map(({ status }) => status)).to.have.members(['open', 'closed'])
    const view = await world.sluiceJson(['channels', 'view', String(channelId).slice(0, 10)])
    expect(view.value).to.deep.include({ channelId, status: 'open' })
    const mine = await world.sluiceJson(['channels', 'list', '--as', 'payer'], payer.env)
    expect((mine.value['channels'] as readonly Row[]).map((each) => each.channelId)).to.deep.equal([
      channelId,
    ])
  })

  it('watch goes on with the channel that is open, without another deposit', async () => {
    const [row] = await rows()
    const watching = world.start(['watch', url, '--budget', '0.01', '--for', '1', '--keep'], payer.env)
    expect((await watching.ended).code).to.equal(0)
    expect(only(watching.events, 'channel')['channelId']).to.equal(row?.channelId)
    expect(await rows()).to.have.length(1)
  })

  it('backup copies the database of the running server', async () => {
    const { code, value } = await world.sluiceJson(['backup', 'copy.db'])
    expect(code).to.equal(0)
    expect(value).to.deep.include({ channels: 2, path: join(world.folder, 'copy.db') })
  })

  it('claim shows what it would send, and sends nothing without a yes', async () => {
    const [row] = await rows()
    const plan = await world.sluiceJson(['channels', 'claim', '--all', '--dry-run'])
    expect(plan.code).to.equal(0)
    expect((plan.value['channels'] as readonly Row[])[0]?.['gained']).to.deep.equal(row?.['claimable'])
    const { code, stderr } = await world.sluice(['channels', 'claim', '--all'])
    expect(code).to.equal(3)
    expect(stderr).to.contain('--yes')
    expect((await rows())[0]?.['claimed']).to.deep.equal(row?.['claimed'])
  })

  it('claim --yes brings what is accepted through the running server, and a second time nothing', async () => {
    const [row] = await rows()
    const payeeBefore = await world.balance(world.payee)
    const { code, value } = await world.sluiceJson(['channels', 'claim', '--all', '--yes'])
    expect(value).to.deep.include({ status: 'done', refused: [], errors: [] })
    // One second was watched: every voucher so far reaches ten seconds ahead of it.
    expect(value['claimed']).to.deep.equal([
      { channelId: row?.channelId, total: row?.['vouchers'], voucher: 'accepted' },
    ])
    expect(code).to.equal(0)
    expect((await world.balance(world.payee)) - payeeBefore).to.equal(base(row?.['claimable']))
    const again = await world.sluiceJson(['channels', 'claim', '--all', '--yes'])
    expect(again.value).to.deep.equal({ status: 'nothing', transactions: [] })
  })

  it('close through the running server tells the viewer, who gets the rest back at once', async () => {
    const watching = world.start(['watch', url, '--budget', '0.01'], payer.env)
    await watching.until(({ event }) => event === 'data')
    const payeeBefore = await world.balance(world.payee)
    const [row] = await rows()
    const { code, value } = await world.sluiceJson(['channels', 'close', '--all', '--yes'])
    expect(value).to.deep.include({ status: 'done' })
    expect(code).to.equal(0)
    expect((await watching.ended).code).to.equal(0)
    const stopped = only(watching.events, 'stopped')
    const captured = base(stopped['captured'])
    expect(captured + base(stopped['refunded'])).to.equal(base(row?.['deposited']))
    expect((await world.balance(world.payee)) - payeeBefore).to.equal(captured - base(row?.['claimed']))
    expect(await rows()).to.deep.equal([])
  })

  it('serve ends in good order on SIGINT, and what is open is closed without it', async () => {
    const watching = world.start(['watch', url, '--budget', '0.01', '--for', '1', '--keep'], payer.env)
    expect((await watching.ended).code).to.equal(0)
    server.signal('SIGINT')
    expect((await server.ended).code).to.equal(0)
    expect(server.events.at(-1)).to.deep.equal({ event: 'stopped' })

    const [row] = await rows()
    const payeeBefore = await world.balance(world.payee)
    const payerBefore = await world.balance(payer.address)
    const { code, value } = await world.sluiceJson(['channels', 'close', String(row?.channelId), '--yes'])
    expect(value).to.deep.include({ status: 'done' })
    expect(code).to.equal(0)
    const captured = (await world.balance(world.payee)) - payeeBefore
    expect(captured).to.equal(base(row?.['spent']))
    expect((await world.balance(payer.address)) - payerBefore).to.equal(base(row?.['deposited']) - captured)
    expect((await rows(['--all'])).map(({ status }) => status)).to.deep.equal(['closed', 'closed', 'closed'])
  })

  it('request-close and withdraw bring the money back from a payee that stays silent (I7)', async () => {
    ;({ server, url } = await world.serve())
    const watching = world.start(['watch', url, '--budget', '0.01', '--for', '1', '--keep'], payer.env)
    expect((await watching.ended).code).to.equal(0)
    const id = String(only(watching.events, 'left')['channelId'])
    server.signal('SIGKILL')
    await server.ended

    const silent = await world.sluice(['channels', 'withdraw', id, '--as', 'payer'], payer.env)
    expect(silent.code).to.equal(1)
    const asked = await world.sluiceJson(['channels', 'request-close', id, '--as', 'payer'], payer.env)
    expect(asked.code).to.equal(0)
    const early = await world.sluice(['channels', 'withdraw', id, '--as', 'payer'], payer.env)
    expect(early.code).to.equal(1)
    expect(early.stderr).to.contain('run the same command again')
    await world.later(901)
    const payerBefore = await world.balance(payer.address)
    const gasBefore = await world.gasPaidBy(payer.address)
    const back = await world.sluiceJson(['channels', 'withdraw', id, '--as', 'payer'], payer.env)
    expect(back.code).to.equal(0)
    const gas = (await world.gasPaidBy(payer.address)) - gasBefore
    expect(base(back.value['refunded'])).to.equal(ether / 100n)
    expect((await world.balance(payer.address)) - payerBefore).to.equal(ether / 100n - gas)
  })

  it('restore puts the backup back, and says what is known to be older in it', async () => {
    const unasked = await world.sluice(['restore', 'copy.db'])
    expect(unasked.code).to.equal(3)
    const older = await world.sluiceJson(['restore', 'copy.db', '--yes'])
    expect(older.code).to.equal(1)
    const forced = await world.sluiceJson(['restore', 'copy.db', '--yes', '--force'])
    expect(forced.code).to.equal(0)
    expect(await rows(['--all'])).to.have.length(2)
  })
})
