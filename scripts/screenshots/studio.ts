import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { arrive, watch } from '../../test/browser/support/viewer.ts'
import { injectWallet } from '../../test/browser/support/wallet.ts'
import { startPagesWorld, type PagesWorld } from '../../test/browser/support/world.ts'
import type { Look } from './tournament.ts'

/** What a viewer pays before the pictures are taken, milliseconds. */
const watchedMs = 6_000

/**
 * Takes pictures of the studio while a viewer watches its test card, and of an overlay with a tip.
 *
 * @param looks languages, themes and sizes
 * @param folder where the pictures go
 */
export async function takeStudio(browser: Browser, looks: readonly Look[], folder: string): Promise<void> {
  const key = generatePrivateKey()
  const world = await startPagesWorld({ sells: 'studio', paid: privateKeyToAccount(key).address })
  try {
    const context = await browser.newContext()
    await injectWallet(context, world.local, key)
    const sending = await enter(world, context)
    await sending.getByRole('button', { name: 'Test card' }).click()
    await sending.locator('[data-live=true]').waitFor()
    await sending.locator('form.row.fields button[type=submit]').last().click()
    const address = await sending.locator('#overlays ~ .stack input').inputValue()
    const overlay = await context.newPage()
    await overlay.setViewportSize({ width: 960, height: 540 })
    await overlay.goto(address.replace('/overlay/', '/overlay/?recents=3&seconds=60'))
    const viewer = await arrive(world, browser)
    await watch(viewer)
    for (const [amount, message] of [
      ['0.25', 'Good evening'],
      ['0.10', 'Mind the gate!'],
    ] as const) {
      await viewer.page.getByLabel('Amount').fill(amount)
      await viewer.page.getByLabel('Message').fill(message)
      await viewer.page.getByRole('button', { name: 'Send tip' }).click()
      await overlay.locator('.recents').getByText(message).waitFor()
    }
    await overlay.screenshot({ path: path.join(folder, 'overlay.png') })
    await sending.waitForTimeout(watchedMs)
    for (const look of looks) {
      // The page that sends shows its picture; loaded anew it would send no more.
      await sending.setViewportSize({ width: look.width, height: look.height })
      await sending.locator(`button[lang=${look.language}]`).click()
      await sending.locator('.choice select').first().selectOption(look.theme)
      await sending.mouse.move(0, 0)
      await sending.locator('.studio-tips li').first().waitFor()
      await sending.locator('.studio-chart canvas').waitFor()
      await sending.screenshot({
        animations: 'disabled',
        path: path.join(folder, `studio-${look.language}-${look.theme}-${look.name}.png`),
        fullPage: true,
      })
    }
    await viewer.context.close()
    await context.close()
  } finally {
    await world.stop()
  }
}

async function enter(world: PagesWorld, context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${world.url}/studio/?lang=en`)
  await page.locator('.wallets button', { hasText: 'Test Wallet' }).click()
  await page.locator('#money').waitFor()
  return page
}
