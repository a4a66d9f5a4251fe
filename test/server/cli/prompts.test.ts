import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseEther, type Hex } from 'viem'
import { tournamentsAddress } from '@sluice/sdk'
import { getPlan, type Plan } from '@sluice/sdk/subscription'
import { getTournament } from '@sluice/sdk/tournament'
import { temporaryFolder } from './support.js'
import { backspace, ctrlC, enter, runAtTerminal, type Typed } from './terminal.js'
import { createWorld, type Payer, type World } from './world.js'

describe('commands that ask', function () {
  this.timeout(180_000)
  let world: World
  let host: Payer
  let merchant: Payer
  let referee: Payer

  before(async () => {
    world = await createWorld()
    ;[host, merchant, referee] = [
      await world.payer(parseEther('10')),
      await world.payer(parseEther('10')),
      await world.payer(0n),
    ]
  })

  after(() => world.stop())

  const at = (who: Payer, args: readonly string[], ...conversation: readonly Typed[]) =>
    runAtTerminal(args, { cwd: world.folder, env: who.env }, conversation)
  const when = (sees: string, types: string): Typed => ({ sees, types })
  const sentBy = ({ address }: Payer) => world.node.client.getTransactionCount({ address })
  const written = async (name: string) =>
    JSON.parse(await readFile(join(world.folder, name), 'utf8')) as Record<string, Record<string, unknown>>

  it('write a tournament from what is typed, ask again for what is wrong, and send nothing', async () => {
    const { code, stdout, stderr, screen } = await at(
      host,
      ['tournament', 'init', '--bond', '2'],
      when('What does each player put in? (ETH', `lots${enter}`),
      when('Expected an amount such as 5.00.', `${backspace.repeat(4)}0.5${enter}`),
      when('How are the prizes split?', enter),
      when('Until when can players join?', `${backspace.repeat(2)}30m${enter}`),
      when('Until when must you report', enter),
      when('Who decides disputes?', `${host.address}${enter}`),
      when('somebody else than the host', `${backspace.repeat(42)}${referee.address}${enter}`),
    )
    expect(code, `${stderr} ${screen}`).to.equal(0)
    expect(stdout).to.include('written to')
    expect(screen).not.to.include('Who is the host?')
    const { tournament } = await written('tournament.json')
    expect(tournament).to.deep.include({
      host: host.address,
      referee: referee.address.toLowerCase(),
      stake: parseEther('0.5').toString(),
      bond: parseEther('2').toString(),
      payouts: [5_000, 3_000, 2_000],
    })
    const { timestamp } = await world.node.client.getBlock()
    expect(Number(tournament?.['joinDeadline']) - Number(timestamp)).to.equal(1_800)
    expect(await sentBy(host)).to.equal(0)
  })

  it('open the tournament on the chain only after a yes', async () => {
    const no = await at(host, ['tournament', 'create'], when('Send it?', enter))
    expect(no.code, no.stderr).to.equal(3)
    expect(no.stderr).to.include('You said no.')
    expect(await sentBy(host)).to.equal(0)
    const yes = await at(host, ['tournament', 'create', '--json'], when('Send it?', 'y'))
    expect(yes.code, yes.stderr).to.equal(0)
    const { tournamentId } = JSON.parse(yes.stdout) as { readonly tournamentId: Hex }
    expect(await getTournament(world.node.client, { tournamentId })).to.include({ stage: 'open', players: 0 })
    expect(await world.balance(tournamentsAddress)).to.equal(parseEther('2'))
    expect(await sentBy(host)).to.equal(1)
  })

  it('publish a plan that was typed, at the price that was typed', async () => {
    const asked = await at(
      merchant,
      ['plan', 'init'],
      when('Who is paid?', `${merchant.address}${enter}`),
      when('Price of a period in ETH?', `0.25${enter}`),
      when('How many months', `3${enter}`),
    )
    expect(asked.code, `${asked.stderr} ${asked.screen}`).to.equal(0)
    const { plan } = await written('plan.json')
    expect(plan).to.deep.include({ unit: 'month', period: 3, price: parseEther('0.25').toString() })
    const created = await at(merchant, ['plan', 'create', '--json'], when('Send it?', 'y'))
    expect(created.code, created.stderr).to.equal(0)
    const { planId } = JSON.parse(created.stdout) as { readonly planId: Hex }
    const terms = { ...plan, price: parseEther('0.25'), tip: 0n } as unknown as Plan
    expect(await getPlan(world.node.client, { plan: terms })).to.deep.equal({ planId, price: terms.price })
  })

  it('ask nothing for a file that is there already', async () => {
    for (const args of [
      ['tournament', 'init'],
      ['plan', 'init'],
      ['escrow', 'init', '--order', 'plan.json'],
    ]) {
      const { code, screen, stderr } = await at(merchant, args)
      expect([code, screen], args.join(' ')).to.deep.equal([3, ''])
      expect(stderr).to.include('is there already and was left as it is')
    }
  })

  it('ask for a node where nobody named one, and again for an address that is none', async () => {
    const { SLUICE_RPC: url = '', ...env } = merchant.env
    const { path: cwd, remove } = await temporaryFolder()
    try {
      const { code, screen, stderr } = await runAtTerminal(['escrow', 'init'], { cwd, env }, [
        when('Address of a node', `${backspace.repeat('http://127.0.0.1:8545'.length)}${url}${enter}`),
        when('Who pays?', `me${enter}`),
        when('Expected 0x and 40 digits of hex.', `${backspace.repeat(2)}${host.address}${enter}`),
        when('Who is paid?', `${merchant.address}${enter}`),
        when('How much, in ETH?', `1.5${enter}`),
      ])
      expect(code, `${stderr} ${screen}`).to.equal(0)
      const { order } = JSON.parse(await readFile(join(cwd, 'order.json'), 'utf8')) as Record<string, unknown>
      expect(order).to.deep.include({
        payer: host.address.toLowerCase(),
        receiver: merchant.address.toLowerCase(),
        maxAmount: parseEther('1.5').toString(),
      })
    } finally {
      await remove()
    }
  })

  it('ask for no node where the settings have one, and terms are read from it too', async () => {
    const { SLUICE_RPC: _, ...env } = merchant.env
    const written = await world.sluice(
      ['plan', 'init', '--plan', 'tea.json', '--merchant', merchant.address, '--price', '1', '--months', '1'],
      env,
    )
    expect(written.code, written.stderr).to.equal(0)
    const shown = await world.sluice(['plan', 'show', '--plan', 'tea.json'], env)
    expect(shown.code, shown.stderr).to.equal(0)
    expect(shown.stdout).to.include('1 ETH')
  })

  it('leave nothing behind when Ctrl-C is pressed, neither a file nor a transaction', async () => {
    const stopped = await at(
      merchant,
      ['plan', 'init', '--plan', 'stopped.json'],
      when('Who is paid?', `${merchant.address}${enter}`),
      when('Price of a period', ctrlC),
    )
    expect(stopped.code).to.equal(130)
    expect(await readFile(join(world.folder, 'stopped.json'), 'utf8').catch(() => 'none')).to.equal('none')
    const before = await sentBy(merchant)
    const lower = ['plan', 'lower', '0.1']
    expect((await at(merchant, lower, when('Send it?', ctrlC))).code).to.equal(130)
    expect(await sentBy(merchant)).to.equal(before)
  })
})
