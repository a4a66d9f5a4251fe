import { expect } from 'chai'
import { usePages } from './support/pages.ts'
import { arrive, connect, openPage, spent, stop, watch, type Viewer } from './support/viewer.ts'
import { fortune } from './support/world.ts'

describe('the watch page in a browser, on a real chain', function () {
  this.timeout(300_000)
  const { world, browser } = usePages()
  let viewer: Viewer

  beforeEach(async () => {
    viewer = await arrive(world(), browser())
  })
  afterEach(async () => {
    await viewer.context.close()
    expect(viewer.complaints).to.deep.equal([])
  })

  it('opens with two prompts at most, watches and tips with none, settles to the base unit', async () => {
    const { page, wallet, address } = viewer
    const before = await world().balance(world().streamer)
    expect(wallet.prompts).to.deep.equal([])
    await watch(viewer)
    const [connecting, ...opening] = wallet.prompts
    expect(connecting).to.equal('eth_requestAccounts')
    expect(opening).to.have.length.within(1, 2)
    const asked = [...wallet.prompts]

    await spent(page, 0.004)
    await page.getByLabel('Amount').fill('0.25')
    await page.getByLabel('Message').fill('gg!')
    await page.getByRole('button', { name: 'Send tip' }).click()
    await page.getByText('Tipped 0.25 USDC.').waitFor()
    await page.getByText('confirmed by the streamer').and(page.getByText(/^0\./)).waitFor()
    const receipt = await stop(page)

    expect(wallet.prompts).to.deep.equal(asked)
    const captured = BigInt(receipt.captured)
    expect(captured > 254_000n).to.equal(true)
    expect(captured + BigInt(receipt.refunded)).to.equal(1_800_000n)
    expect(await world().balance(address)).to.equal(fortune - captured)
    expect(await world().balance(world().streamer)).to.equal(before + captured)
    const { status } = await world().local.client.getTransactionReceipt({ hash: receipt.transaction })
    expect(status).to.equal('success')
  })

  it('charges nothing when the prompt is declined, and can be tried again', async () => {
    const { page, wallet, address } = viewer
    await connect(viewer)
    wallet.mood.declines = true
    await page.getByRole('button', { name: 'Start watching' }).click()
    await page.getByText('You cancelled. Nothing was charged.').waitFor()
    expect(await world().balance(address)).to.equal(fortune)
    wallet.mood.declines = false
    await page.getByRole('button', { name: 'Start watching' }).click()
    await page.getByText('You are paying.').waitFor()
  })

  it('adds and switches to the chain of the stream before anything is signed', async () => {
    const { page, wallet } = viewer
    wallet.mood.chainId = 1
    await page.getByRole('button', { name: 'Test Wallet' }).click()
    await page.getByText('This stream is paid on this machine.').waitFor()
    await page.getByRole('button', { name: 'Switch to this machine' }).click()
    await page.getByText('in your wallet, then none').waitFor()
    expect(wallet.mood.added).to.have.length(1)
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts'])
  })

  it('stops the meter while it is paused, and goes on after a reload without a prompt', async () => {
    const { page, wallet } = viewer
    await watch(viewer)
    await spent(page, 0.002)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused: you are not paying.').waitFor()
    const asked = [...wallet.prompts]
    await page.reload()
    await page.getByText('You are paying.').waitFor()
    await spent(page, 0.004)
    expect(wallet.prompts).to.deep.equal(asked)
  })

  it('pays in one tab alone, and lets the other take over', async () => {
    const { page, context, complaints } = viewer
    await watch(viewer)
    const second = await openPage(world(), context, complaints)
    await second.getByRole('heading', { name: 'Playing in another tab.' }).waitFor()
    await second.getByRole('button', { name: 'Take over here' }).click()
    await second.getByText('You are paying.').waitFor()
    await page.getByRole('heading', { name: 'Playing in another tab.' }).waitFor()
  })

  it('holds to the spending limits before the wallet is asked', async () => {
    const { page, wallet } = viewer
    await connect(viewer)
    await page.getByRole('button', { name: 'Spending limits' }).click()
    await page.getByLabel(/^For one stream/).fill('1')
    await page.getByRole('button', { name: 'Set: For one stream' }).click()
    await page.getByText('For one stream · 1.00 USDC').waitFor()
    await page.getByLabel(/^For one stream/).fill('5')
    await page.getByRole('button', { name: 'Set: For one stream' }).click()
    await page.getByText(/^5\.00 USDC from/).waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Start watching' }).click()
    await page.getByText('Your limit for one stream leaves 1.00 USDC.').waitFor()
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts'])
  })
})
