import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { viewer, viewerKey } from '../../scripts/start/accounts.ts'
import { fortune } from './support/bank.ts'
import { startExtensionBrowser, type ExtensionBrowser } from './support/extension.ts'
import { usePages } from './support/pages.ts'
import { expectTestCard, watchPicture } from './support/picture.ts'
import { openPage, spent, stop } from './support/viewer.ts'

/** What is asked for a deposit of a token that takes signatures, a window each. */
const deposit = ['eth_signTypedData_v4', 'eth_sendTransaction']

describe('the watch page with a wallet extension that asks in windows of its own', function () {
  this.timeout(300_000)
  const { world } = usePages()
  const complaints: string[] = []
  let extension: ExtensionBrowser
  let page: Page

  before(async () => {
    await world().fund(viewerKey)
    extension = await startExtensionBrowser(world().local.url, viewerKey)
    page = await openPage(world(), extension.context, complaints)
  })
  after(async () => {
    await extension.stop()
    expect(complaints).to.deep.equal([])
  })

  const press = (name: string): Promise<void> => page.getByRole('button', { name }).click()

  /** The windows that open during `work`. */
  async function windowsOf(work: () => Promise<void>): Promise<readonly string[]> {
    const already = extension.asked.length
    await work()
    return extension.asked.slice(already)
  }

  it('shows the account once a window was approved, and asks in none before the click', async () => {
    await page.getByRole('button', { name: 'Test Extension' }).waitFor()
    expect(extension.asked).to.deep.equal([])
    const windows = await windowsOf(async () => {
      await press('Test Extension')
      await extension.decide('Approve')
      await page.getByTitle(viewer.address).waitFor()
    })
    expect(windows).to.deep.equal(['eth_requestAccounts'])
  })

  it('opens by two windows and plays, and ticks and a tip open none', async () => {
    const windows = await windowsOf(async () => {
      await press('Start watching')
      await extension.decide('Approve')
      await extension.decide('Approve')
      await page.getByText('You are paying.').waitFor()
      const picture = await watchPicture(page)
      await picture.moves()
      await expectTestCard(picture)
      await spent(page, 0.004)
      await page.getByLabel('Amount').fill('0.25')
      await press('Send tip')
      await page.getByText('Tipped 0.25 USDC.').waitFor()
      const { captured, refunded } = await stop(page)
      expect(BigInt(captured) > 254_000n).to.equal(true)
      expect(BigInt(captured) + BigInt(refunded)).to.equal(1_800_000n)
      expect(await world().balance(viewer.address)).to.equal(fortune - BigInt(captured))
    })
    expect(windows).to.deep.equal(deposit)
  })

  it('says so when a window is rejected or closed, loses nothing, and opens when it is tried again', async () => {
    await page.reload()
    await page.getByTitle(viewer.address).waitFor()
    const before = await world().balance(viewer.address)
    const windows = await windowsOf(async () => {
      await press('Start watching')
      await extension.decide('Reject')
      await page.getByText('You cancelled. Nothing was charged.').waitFor()
      await press('Start watching')
      await extension.decide('Approve')
      await extension.decide('close')
      await page.getByText('You cancelled. Nothing was charged.').waitFor()
      expect(await world().balance(viewer.address)).to.equal(before)
      await press('Start watching')
      await extension.decide('Approve')
      await extension.decide('Approve')
      await page.getByText('You are paying.').waitFor()
      await (await watchPicture(page)).moves()
    })
    expect(windows).to.deep.equal([deposit[0], ...deposit, ...deposit])
  })
})
