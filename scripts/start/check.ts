import { startBrowser } from '../../test/browser/support/chromium.ts'
import { pressUntil } from '../../test/browser/support/demoWallet.ts'
import { patienceMs } from '../../test/browser/support/patience.ts'
import { expectTestCard, watchPicture } from '../../test/browser/support/picture.ts'
import { spent, stop } from '../../test/browser/support/viewer.ts'
import { secondViewer, streamer } from './accounts.ts'
import { allExact } from './checks.ts'
import { readBalances } from './ledger.ts'
import type { Screen } from './screen.ts'
import { withStage, type Stage } from './stage.ts'

/** The suggested budget: a quarter of an hour at 0.002 USDC a second, base units. */
const deposit = 1_800_000n

/**
 * Goes through the main journey in a browser without a window: a viewer with a demo wallet watches, tips and stops.
 *
 * @param screen where a person follows
 * @returns whether every balance is exact
 */
export function checkStage(screen: Screen): Promise<boolean> {
  return withStage(screen, (stage) => journey(screen, stage))
}

async function journey(screen: Screen, stage: Stage): Promise<boolean> {
  const before = await balances(stage)
  await using browser = await startBrowser()
  const page = await browser.newPage()
  page.setDefaultTimeout(patienceMs)
  await page.goto(`${stage.url}/watch/?lang=en`)

  screen.step('A viewer takes the demo wallet and opens with the suggested budget')
  const confirm = page.getByRole('button', { name: 'Confirm', exact: true })
  await page.getByRole('button', { name: /^Demo 1/ }).click()
  const start = page.getByRole('button', { name: 'Start watching' })
  await pressUntil(confirm, start)
  await start.click()
  await pressUntil(confirm, page.getByText('You are paying.'))

  screen.step('Watching the test card')
  const picture = await watchPicture(page)
  await picture.moves(30)
  await expectTestCard(picture)
  screen.say(`${String(await picture.frames())} frames seen`)
  await spent(page, 0.004)

  screen.step('Tipping 0.25 USDC')
  await page.getByLabel('Amount').fill('0.25')
  await page.getByRole('button', { name: 'Send tip' }).click()
  await page.getByText('Tipped 0.25 USDC.').waitFor()

  screen.step('Stopping: the payee closes the channel on the chain')
  const receipt = await stop(page)
  const captured = BigInt(receipt.captured)
  const after = await balances(stage)
  return allExact(screen, [
    ['captured + refunded = deposited', captured + BigInt(receipt.refunded), deposit],
    ['the viewer paid what was captured', before.viewer - after.viewer, captured],
    ['the streamer got what was captured', after.streamer - before.streamer, captured],
    ['nothing is left in the contract', after.contract, before.contract],
  ])
}

function balances({ local, contracts }: Stage) {
  const holders = { viewer: secondViewer.address, streamer, contract: contracts.channels }
  return readBalances(local.client, contracts.token, holders)
}
