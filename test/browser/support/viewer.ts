import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Hex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { injectWallet, type InjectedWallet } from './wallet.ts'
import { patienceMs } from './patience.ts'
import type { PagesWorld } from './world.ts'

/** What a person visits. */
export type VisitedWorld = Pick<PagesWorld, 'url' | 'local' | 'fund'>

/** A person with a wallet in front of the page. */
export type Viewer = {
  readonly address: Hex
  readonly wallet: InjectedWallet
  readonly context: BrowserContext
  readonly page: Page
  /** What the page complained about. */
  readonly complaints: string[]
}

/** A receipt as the page saves it. */
export type Receipt = {
  readonly captured: string
  readonly refunded: string
  readonly transaction: Hex
  readonly voucher: { readonly signature: Hex }
}

/**
 * A new person with a wallet, in front of a page.
 *
 * @param at default: the watch page
 * @param script file of a script that runs before the page's own
 */
export async function arrive(
  world: VisitedWorld,
  browser: Browser,
  at?: string,
  script?: string,
): Promise<Viewer> {
  const key = generatePrivateKey()
  const address = await world.fund(key)
  const context = await browser.newContext({ acceptDownloads: true })
  context.setDefaultTimeout(patienceMs)
  const wallet = await injectWallet(context, world.local, key)
  if (script !== undefined) await context.addInitScript({ path: script })
  const complaints: string[] = []
  const page = await openPage(world, context, complaints, at)
  return { address, wallet, context, page, complaints }
}

/** Another tab of the same person. */
export async function openPage(
  world: Pick<VisitedWorld, 'url'>,
  context: BrowserContext,
  complaints: string[],
  at = '/watch/?lang=en',
): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|status of 404/.test(message.text())) complaints.push(message.text())
  })
  await page.goto(new URL(at, world.url).href)
  return page
}

export async function connect({ page }: Viewer): Promise<void> {
  await page.getByRole('button', { name: 'Test Wallet' }).click()
  await page.getByRole('button', { name: 'Start watching' }).waitFor()
}

/** Connects, opens with the suggested budget, and waits until money flows. */
export async function watch(watching: Viewer): Promise<void> {
  await connect(watching)
  await watching.page.getByRole('button', { name: 'Start watching' }).click()
  await watching.page.getByText('You are paying.').waitFor()
}

/** The same with another budget, whole tokens. */
export async function open(watching: Viewer, budget: string): Promise<void> {
  await connect(watching)
  await watching.page.getByLabel('Another amount').fill(budget)
  await watching.page.getByRole('button', { name: 'Start watching' }).click()
  await watching.page.getByText('You are paying.').waitFor()
}

/** Waits until the page shows more than `amount` as spent, whole tokens. */
export async function spent(page: Page, amount: number): Promise<void> {
  await page.waitForFunction((least) => {
    const text = document.querySelector('[data-testid=spent]')?.textContent ?? ''
    return Number.parseFloat(text) > least
  }, amount)
}

/** Stops, and reads the receipt that the page saves. */
export async function stop(page: Page): Promise<Receipt> {
  await page.getByRole('button', { name: 'Stop and settle' }).click()
  return JSON.parse(await saved(page, 'Save as JSON')) as Receipt
}

/** The row of the table that the page saves, by its columns. */
export async function csvOf(page: Page): Promise<Readonly<Record<string, string>>> {
  const [head = '', row = ''] = (await saved(page, 'Save as CSV')).split('\n')
  const values = row.split(',')
  return Object.fromEntries(head.split(',').map((column, index) => [column, values[index] ?? '']))
}

async function saved(page: Page, button: string): Promise<string> {
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).click()
  const stream = await (await saving).createReadStream()
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
