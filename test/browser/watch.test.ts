import { expect } from 'chai'
import { fortune } from './support/bank.ts'
import { usePages } from './support/pages.ts'
import { expectStarved, expectTestCard, watchPicture } from './support/picture.ts'
import { withoutDataChannel } from './support/noDataChannel.ts'
import { arrive, connect, csvOf, openPage, open, spent, stop, watch, type Viewer } from './support/viewer.ts'
import { declined } from './support/wallet.ts'

/** What a wallet without batches is asked for a deposit of a token that takes signatures. */
const deposit = ['eth_signTypedData_v4', 'eth_sendTransaction']

describe('the watch page in a browser, on a real chain, with a live picture', function () {
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

  it('watches, tips and stops: two prompts for the deposit, none for anything else, settled to the base unit', async () => {
    const { page, wallet, address } = viewer
    const before = await world().balance(world().streamer)
    expect(wallet.prompts).to.deep.equal([])
    await watch(viewer)
    const picture = await watchPicture(page)
    await picture.moves()
    await expectTestCard(picture)
    await spent(page, 0.004)
    await page.getByLabel('Amount').fill('0.25')
    await page.getByLabel('Message').fill('gg!')
    await page.getByRole('button', { name: 'Send tip' }).click()
    await page.getByText('Tipped 0.25 USDC.').waitFor()
    await page.getByText('confirmed by the streamer').and(page.getByText(/^0\./)).waitFor()
    await picture.moves()
    const receipt = await stop(page)
    await picture.stands()

    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts', ...deposit])
    const captured = BigInt(receipt.captured)
    expect(captured > 254_000n).to.equal(true)
    expect(captured + BigInt(receipt.refunded)).to.equal(1_800_000n)
    expect(await world().balance(address)).to.equal(fortune - captured)
    expect(await world().balance(world().streamer)).to.equal(before + captured)
    const { status } = await world().local.client.getTransactionReceipt({ hash: receipt.transaction })
    expect(status).to.equal('success')
    // 128 bytes: a key of WebCrypto's, which cannot leave the browser.
    expect(receipt.voucher.signature).to.have.length(2 + 2 * 128)
    const { paid, tips, transaction } = await csvOf(page)
    expect({ paid: Number(paid), tips, transaction }).to.deep.equal({
      paid: Number(captured) / 1e6,
      tips: '0.25',
      transaction: receipt.transaction,
    })
  })

  it('asks once with a wallet that takes several calls at once', async () => {
    const { wallet } = viewer
    wallet.mood.batch = 'supported'
    await watch(viewer)
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts', 'wallet_sendCalls'])
  })

  it('stands still when the budget is spent, and goes on after a top-up, which interrupts nothing', async () => {
    const { page, wallet } = viewer
    await open(viewer, '0.03')
    const picture = await watchPicture(page)
    await page.getByText('Your budget runs low.').waitFor()
    await page.getByRole('alert').getByText('Paused: you are not paying.').waitFor()
    await expectStarved(page, picture)
    const asked = [...wallet.prompts]

    await page.getByRole('button', { name: 'Top up' }).click()
    await picture.moves()
    await page.getByText('You are paying.').waitFor()
    expect(wallet.prompts).to.deep.equal([...asked, ...deposit])

    const answer = wallet.hold()
    await page.getByRole('button', { name: 'Top up' }).click()
    await page.getByText('Confirm in your wallet. The stream runs on.').waitFor()
    await picture.moves(30)
    answer()
    await page.getByText('The stream runs on meanwhile.').waitFor()
    await picture.moves()
    const receipt = await stop(page)
    expect(BigInt(receipt.captured) > 30_000n).to.equal(true)
    expect(BigInt(receipt.captured) + BigInt(receipt.refunded)).to.equal(2_030_000n)
  })

  it('charges nothing when a prompt is declined, and can be tried again', async () => {
    const { page, wallet, address } = viewer
    wallet.mood.refusal = declined
    await page.getByRole('button', { name: 'Test Wallet' }).click()
    await page.getByText('You cancelled. Nothing was charged.').waitFor()
    wallet.mood.refusal = undefined
    await connect(viewer)
    wallet.mood.refusal = declined
    await page.getByRole('button', { name: 'Start watching' }).click()
    await page.getByText('You cancelled. Nothing was charged.').waitFor()
    expect(await world().balance(address)).to.equal(fortune)
    wallet.mood.refusal = undefined
    await page.getByRole('button', { name: 'Start watching' }).click()
    await page.getByText('You are paying.').waitFor()
    const connecting = 'eth_requestAccounts'
    expect(wallet.prompts).to.deep.equal([connecting, connecting, deposit[0], ...deposit])
  })

  it('adds and switches to the chain of the stream before anything is signed', async () => {
    const { page, wallet } = viewer
    wallet.mood.chainId = 1
    await page.getByRole('button', { name: 'Test Wallet' }).click()
    await page.getByText('This stream is paid on this machine.').waitFor()
    await page.getByRole('button', { name: 'Switch to this machine' }).click()
    await page.getByText('in your wallet, then none').waitFor()
    expect(wallet.added).to.have.length(1)
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts'])
  })

  it('goes on after a reload in mid-stream without a prompt, where the meter stood', async () => {
    const { page, wallet } = viewer
    await watch(viewer)
    await spent(page, 0.006)
    await page.reload()
    await page.getByText('You are paying.').waitFor()
    await spent(page, 0.006)
    await (await watchPicture(page)).moves()
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts', ...deposit])
  })

  it('stops the meter while it is paused and while nobody sees it', async () => {
    const { page } = viewer
    await watch(viewer)
    const picture = await watchPicture(page)
    await picture.moves()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused: you are not paying.').waitFor()
    await picture.stands()
    const before = await page.getByTestId('spent').textContent()
    await picture.stands()
    expect(await page.getByTestId('spent').textContent()).to.equal(before)
    await page.getByRole('button', { name: 'Play' }).click()
    await picture.moves()
    await show(viewer, false)
    await page.getByText('You are paying.').waitFor({ state: 'hidden' })
    await picture.stands()
    await show(viewer, true)
    await picture.moves()
  })

  it('pays in one tab alone, and lets the other take over', async () => {
    const { page, context, complaints } = viewer
    await watch(viewer)
    const picture = await watchPicture(page)
    const second = await openPage(world(), context, complaints)
    await second.getByRole('heading', { name: 'Playing in another tab.' }).waitFor()
    // Of a tab behind another the browser tells a frame a second.
    await picture.moves(2)
    await second.getByRole('button', { name: 'Take over here' }).click()
    await second.getByText('You are paying.').waitFor()
    await (await watchPicture(second)).moves()
    await page.getByRole('heading', { name: 'Playing in another tab.' }).waitFor()
    await picture.stands()
  })

  it('is paid by a WebSocket where no data channel opens, without another prompt', async () => {
    const { page, wallet, address } = viewer
    const sockets = await withoutDataChannel(page)
    await watch(viewer)
    const picture = await watchPicture(page)
    await picture.moves()
    await spent(page, 0.004)
    expect(sockets).to.have.length(1)
    expect(sockets[0]).to.match(/[?]media=[0-9a-f]{32}$/)
    const { captured } = await stop(page)
    await picture.stands()
    expect(await world().balance(address)).to.equal(fortune - BigInt(captured))
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts', ...deposit])
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

/** Says to the page whether its tab is seen, as the browser would. */
async function show({ page }: Viewer, visible: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, !visible)
}
