import { expect } from 'chai'
import { createTestClient, http } from 'viem'
import { findings } from './support/axe.ts'
import { usePages } from './support/pages.ts'
import { arrive, type Viewer } from './support/viewer.ts'
import { fortune, type PagesWorld } from './support/world.ts'

const path = '/tournament/?lang=en'
const dayMs = 86_400_000

describe('the tournament page in three browsers, on a real chain', function () {
  this.timeout(300_000)
  const { world, browser } = usePages({ sells: 'feed' })
  let host: Viewer
  let ada: Viewer
  let ben: Viewer

  beforeEach(async () => {
    host = await arrive(world(), browser(), path)
    ada = await arrive(world(), browser(), path)
    ben = await arrive(world(), browser(), path)
  })
  afterEach(async () => {
    for (const { context, complaints } of [host, ada, ben]) {
      await context.close()
      expect(complaints).to.deep.equal([])
    }
  })

  it('goes from its creation to exact payouts, with the stake in one confirmation where the wallet can (T2, T3)', async () => {
    const link = await create(world(), host, ada.address)
    expect(await findings(host.page), 'open').to.deep.equal([])
    // A wallet that can batch is asked once, another one twice.
    ada.wallet.mood.batch = 'supported'
    for (const player of [ada, ben]) await joins(player, link)
    await past(host, 'joinDeadline')

    await host.page.getByRole('heading', { name: 'Bracket' }).waitFor()
    await host.page.getByRole('button', { name: winsOf(ben) }).click()
    expect(await findings(host.page), 'bracket').to.deep.equal([])
    await host.page.getByRole('button', { name: 'Report the result' }).click()
    await host.page.getByText('result reported').waitFor()
    await ada.page.getByRole('button', { name: 'Dispute the result' }).waitFor()
    await ada.page.getByText('The result can be disputed for').waitFor()

    await past(host, 'challenge')
    await host.page.getByRole('button', { name: 'Make the result final' }).click()
    await host.page.getByRole('button', { name: 'Pay the winners' }).click()
    await host.page.getByText('Everything has been paid out.').waitFor()
    await ben.page.getByRole('cell', { name: '13.30 USDC' }).waitFor()
    expect(await findings(ben.page), 'paid').to.deep.equal([])

    const balance = (of: Viewer) => world().balance(of.address)
    expect(await balance(host)).to.equal(fortune + 1_000_000n)
    expect(await balance(ben)).to.equal(fortune - 10_000_000n + 13_300_000n)
    expect(await balance(ada)).to.equal(fortune - 10_000_000n + 5_700_000n)
    expect(ada.wallet.prompts).to.deep.equal(['eth_requestAccounts', 'wallet_sendCalls'])
    const signed = ['eth_signTypedData_v4', 'eth_sendTransaction']
    expect(ben.wallet.prompts).to.deep.equal(['eth_requestAccounts', ...signed])
    const sent = ['eth_sendTransaction', 'eth_sendTransaction', 'eth_sendTransaction']
    expect(host.wallet.prompts).to.deep.equal(['eth_requestAccounts', ...signed, ...sent])
  })

  it('gives everybody the stake back when the referee declares it void, and both bonds to whoever disputed (T6, T12)', async () => {
    const referee = await arrive(world(), browser(), path)
    const link = await create(world(), host, referee.address)
    for (const player of [ada, ben]) await joins(player, link)
    await past(host, 'joinDeadline')
    await host.page.getByRole('button', { name: winsOf(ada) }).click()
    await host.page.getByRole('button', { name: 'Report the result' }).click()
    await ben.page.getByRole('button', { name: 'Dispute the result' }).click()
    await ben.page.getByText('The referee can decide for').waitFor()

    await referee.page.goto(link)
    await connect(referee)
    await referee.page.getByText('You are the referee').waitFor()
    expect(await findings(referee.page), 'disputed').to.deep.equal([])
    await referee.page.getByRole('button', { name: 'Declare it void' }).click()
    await ben.page.getByRole('button', { name: 'Send everybody the money back' }).click()
    await ben.page.getByRole('heading', { name: 'Sent back' }).waitFor()
    await ada.page.getByText('The referee declared it void.').waitFor()

    const balance = (of: Viewer) => world().balance(of.address)
    expect(await balance(ada)).to.equal(fortune)
    expect(await balance(ben)).to.equal(fortune + 20_000_000n)
    expect(await balance(host)).to.equal(fortune - 20_000_000n)
    await referee.context.close()
    expect(referee.complaints).to.deep.equal([])
  })

  it('fits a phone, in both languages and themes, with nothing for axe to find', async () => {
    const link = await create(world(), host, ada.address)
    const page = await ben.context.newPage()
    await page.setViewportSize({ width: 360, height: 740 })
    for (const look of ['lang=de&theme=light', 'lang=en&theme=dark']) {
      for (const at of [`${world().url}/tournament/?${look}`, link.replace('?', `?${look}&`)]) {
        await page.goto(at)
        await page.locator('.wallets button').first().waitFor()
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width, at).to.be.at.most(360)
        expect(await findings(page), at).to.deep.equal([])
      }
    }
  })

  /** Makes the chain's time one at which players can no longer join, or nobody can dispute any more. */
  async function past(of: Viewer, what: 'joinDeadline' | 'challenge'): Promise<void> {
    const { chain, url, client } = world().local
    const test = createTestClient({ mode: 'hardhat', chain, transport: http(url) })
    const { timestamp } = await client.getBlock()
    const hours = what === 'joinDeadline' ? 25n : 1n
    await test.setNextBlockTimestamp({ timestamp: timestamp + hours * 3600n + 60n })
    await test.mine({ blocks: 1 })
    await of.page.getByText(what === 'joinDeadline' ? 'being played' : 'result reported').waitFor()
  }
})

async function connect({ page }: Viewer): Promise<void> {
  await page.getByRole('button', { name: 'Test Wallet' }).click()
}

/** Fills in the terms, looks at what they come to, and opens the tournament; returns the invitation. */
async function create(world: PagesWorld, host: Viewer, referee: string): Promise<string> {
  const { page } = host
  // An earlier test left the chain's time ahead of the clock.
  const { timestamp } = await world.local.client.getBlock()
  const joinUntil = new Date(Number(timestamp) * 1000 + dayMs)
  await page.getByLabel('Name and rules').fill('Eastgate Cup\nBest of three.')
  await page.getByLabel('Referee').fill(referee)
  await page.getByLabel('Players join until').fill(localTime(joinUntil))
  await page.getByLabel('Prizes').selectOption('two')
  await page.getByText('Bonds and disputes').click()
  await page.getByLabel('Your share of the stakes').fill('5')
  await page.getByLabel('Your bond').fill('20')
  await page.getByText('95.00 USDC').or(page.getByText('76.00 USDC')).first().waitFor()
  await connect(host)
  await page.getByText('2 confirmations in your wallet.').waitFor()
  await page.getByRole('button', { name: 'Create the tournament' }).click()
  await page.getByRole('heading', { name: 'Eastgate Cup' }).waitFor()
  await page.getByRole('img', { name: 'QR code of the invitation' }).waitFor()
  return await page.getByLabel('Link').inputValue()
}

async function joins(player: Viewer, link: string): Promise<void> {
  const { page } = player
  await page.goto(link.replace('?', '?lang=en&'))
  await page.getByRole('heading', { name: 'Eastgate Cup' }).waitFor()
  await connect(player)
  await page.getByText(/confirmations? in your wallet/).waitFor()
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByText('You play').waitFor()
}

/** How the button is called that says that somebody won. */
function winsOf({ address }: Viewer): RegExp {
  const short = `${address.slice(0, 6)}…${address.slice(-4)}`
  return new RegExp(`^${short} won this match`, 'i')
}

/** A moment as a field for date and time takes it, in the time zone of this machine and its browser. */
function localTime(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
