import { expect } from 'chai'
import { findings } from './support/axe.ts'
import { usePages } from './support/pages.ts'
import {
  agrees,
  connect,
  create,
  joins,
  passJoining,
  passDisputing,
  sponsors,
  tournamentPath as path,
  winsOf,
} from './support/tournament.ts'
import { arrive, type Viewer } from './support/viewer.ts'
import { fortune } from './support/bank.ts'

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
    await passJoining(world(), host)

    await host.page.getByRole('heading', { name: 'Bracket' }).waitFor()
    await host.page.getByRole('button', { name: winsOf(ben) }).click()
    expect(await findings(host.page), 'bracket').to.deep.equal([])
    await host.page.getByRole('button', { name: 'Report the result' }).click()
    await host.page.getByText('result reported').waitFor()
    await ada.page.getByRole('button', { name: 'Dispute the result' }).waitFor()
    await ada.page.getByText('The result can be disputed for').waitFor()

    await passDisputing(world(), host)
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

  it('takes sponsors, and is final at once when all players signed: by one link from browser to browser (T3, T5)', async () => {
    const link = await create(world(), host, ada.address)
    ada.wallet.mood.batch = 'supported'
    for (const player of [ada, ben]) await joins(player, link)
    await sponsors(ada, '5')
    expect(await findings(ada.page), 'sponsored').to.deep.equal([])
    await host.page.getByText('24.00 USDC').waitFor()
    await passJoining(world(), host)
    await host.page.getByRole('button', { name: winsOf(ben) }).click()
    await host.page.getByRole('button', { name: 'Report the result' }).click()

    const signed = await agrees(ada)
    expect(await findings(ada.page), 'agreed').to.deep.equal([])
    // What does not belong to this result is refused, whoever sent it.
    await host.page.getByLabel('Link that a player sent you').fill(damaged(signed))
    await host.page.getByRole('button', { name: 'Add', exact: true }).click()
    await host.page.getByText('This signature does not belong to this result.').waitFor()
    await host.page.getByText('0 of 2 players signed').waitFor()

    await ben.page.goto(signed)
    await ben.page.getByText('1 of 2 players signed').waitFor()
    await ben.page.getByRole('button', { name: 'The result is right: sign it' }).click()
    await ben.page.getByText('2 of 2 players signed').waitFor()
    // The browser remembers what it gathered.
    await ben.page.reload()
    await ben.page.getByRole('button', { name: 'Make it final now' }).click()
    await ben.page.getByRole('button', { name: 'Pay the winners' }).click()
    await ben.page.getByText('Everything has been paid out.').waitFor()

    const balance = (of: Viewer) => world().balance(of.address)
    // Of 19 USDC from stakes and 5 from the sponsor the winner has 70 %.
    expect(await balance(ben)).to.equal(fortune - 10_000_000n + 16_800_000n)
    expect(await balance(ada)).to.equal(fortune - 15_000_000n + 7_200_000n)
    expect(await balance(host)).to.equal(fortune + 1_000_000n)
    const asked = 'eth_requestAccounts'
    const [paid, agreed, sent] = ['wallet_sendCalls', 'eth_signTypedData_v4', 'eth_sendTransaction']
    expect(ada.wallet.prompts).to.deep.equal([asked, paid, paid, agreed])
    expect(ben.wallet.prompts).to.deep.equal([asked, agreed, sent, agreed, sent, sent])
  })

  it('gives everybody the stake back when the referee declares it void, and both bonds to whoever disputed (T6, T12)', async () => {
    const referee = await arrive(world(), browser(), path)
    const link = await create(world(), host, referee.address)
    for (const player of [ada, ben]) await joins(player, link)
    await passJoining(world(), host)
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
})

/** The link with another signature in it. */
function damaged(link: string): string {
  return link.replace(/[0-9a-f]{2}(?=[0-9a-f]{40}(?:&|$))/, (pair) => (pair === '11' ? '22' : '11'))
}
