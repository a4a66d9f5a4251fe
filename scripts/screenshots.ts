/**
 * Takes pictures of the pages for docs/screens, in both languages, both themes and at the width of a phone:
 * `npm run screenshots`.
 */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../test/browser/support/chromium.ts'
import { pressUntil } from '../test/browser/support/demoWallet.ts'
import { startPagesWorld, type PagesWorld } from '../test/browser/support/world.ts'
import { pictureTournament, type Look } from './screenshots/tournament.ts'
import { takeStudio } from './screenshots/studio.ts'

const folder = path.resolve(import.meta.dirname, '../docs/screens')

/** Watched before the meter is pictured, milliseconds. */
const watchedMs = 6_000

const looks: readonly Look[] = (['en', 'de'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) => [
    { language, theme, name: 'desk', width: 1280, height: 860 },
    { language, theme, name: 'phone', width: 390, height: 844 },
  ]),
)

async function take(world: PagesWorld, browser: Browser, look: Look): Promise<void> {
  const { language, theme, name, width, height } = look
  const context = await browser.newContext({ viewport: { width, height } })
  const page = await context.newPage()
  const picture = (of: string): Promise<Buffer> =>
    page.screenshot({ path: path.join(folder, `${of}-${language}-${theme}-${name}.png`), fullPage: true })
  await page.goto(`${world.url}/watch/?lang=${language}&theme=${theme}`)
  await page.locator('.wallets button').first().waitFor()
  await picture('wallets')
  await page.locator('.wallets button').first().click()
  await page.locator('.sheet button.main').click()
  await page.locator('.vessels').waitFor()
  await page.locator('form button.main:enabled').waitFor()
  await picture('budget')
  await page.locator('form button.main').click()
  await pressUntil(page.locator('.sheet button.main'), page.locator('[data-phase=watching]'))
  await page.waitForTimeout(watchedMs)
  await picture('meter')
  await page.locator('[data-phase=watching] details + button').click()
  await page.getByTestId('receipt').waitFor()
  await picture('receipt')
  await context.close()
}

mkdirSync(folder, { recursive: true })
const world = await startPagesWorld()
const browser = await startBrowser()
try {
  for (const look of looks) await take(world, browser, look)
  await pictureTournament(world, browser, folder, looks)
  await takeStudio(browser, looks, folder)
} finally {
  await browser.close()
  await world.stop()
}
