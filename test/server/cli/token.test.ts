import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { base, createWorld, only, type World } from './world.js'
import { deployUsdc } from './usdc.js'

describe('the command with a token like USDC', function () {
  this.timeout(60_000)
  let world: World
  let usdc: Awaited<ReturnType<typeof deployUsdc>>

  before(async () => {
    world = await createWorld()
    usdc = await deployUsdc(world)
  })

  after(() => world.stop())

  it('reads symbol and decimals from the chain and pays exactly, to the base unit', async () => {
    const { token, mint, balanceOf } = usdc
    const init = await world.sluiceJson([
      ...['init', '--force', '--rpc', world.node.url, '--token', token],
      ...['--price', '0.12/min', '--payee', world.payee],
    ])
    expect(init.code).to.equal(0)
    const config = JSON.parse(await readFile(join(world.folder, 'sluice.json'), 'utf8')) as Record<
      string,
      unknown
    >
    expect(config['token']).to.deep.equal({ address: token.toLowerCase(), symbol: 'USDC', decimals: 6 })

    const payer = await world.payer(10n ** 18n)
    await mint(payer.address, 5_000_000n)
    const { url } = await world.serve()
    const watching = world.start(
      ['watch', url, '--budget', '5', '--for', '2', '--tip', '0.50:gg!'],
      payer.env,
    )
    const { code, stderr } = await watching.ended
    expect(code, stderr).to.equal(0)
    expect(only(watching.events, 'offer')).to.deep.include({ price: '0.12 USDC/min', seconds: 2500 })

    const stopped = only(watching.events, 'stopped')
    const captured = base(stopped['captured'])
    expect(captured > 500_000n).to.equal(true)
    expect(await balanceOf(world.payee)).to.equal(captured)
    expect(await balanceOf(payer.address)).to.equal(5_000_000n - captured)
    expect(stopped['refunded']).to.deep.include({ base: String(5_000_000n - captured), symbol: 'USDC' })
  })
})
