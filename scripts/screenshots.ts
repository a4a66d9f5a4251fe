/**
 * Takes pictures of the pages into screens/, in both languages, both themes and at the width of a phone, and puts those that
 * the documents show into docs/images: `npm run screenshots`.
 */
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../test/browser/support/chromium.ts'
import { pressUntil } from '../test/browser/support/demoWallet.ts'
import { startPagesWorld, type PagesWorld } from '../test/browser/support/world.ts'
import { pictureTournament, type Look } from './screenshots/tournament.ts'
import { takeStudio } from './screenshots/studio.ts'

const root = path.resolve(import.meta.dirname, '..')
const folder = path.join(root, 'screens')
const images = path.join(root, 'docs/images')

/** What the documents show. */
const shown = [
  'meter-en-light-desk.png',
  'meter-de-dark-phone.png',
  'studio-en-dark-desk.png',
  'prizes-en-light-desk.png',
]

/** Watched before the meter is pictured, milliseconds: by then the streamer has confirmed something. */
const watchedMs = 11_000

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
  const picture = async (of: string): Promise<void> => {
    await page.mouse.move(0, 0)
    const file = path.join(folder, `${of}-${language}-${theme}-${name}.png`)
    await page.screenshot({ path: file, fullPage: true, animations: 'disabled' })
  }
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

for (const each of [folder, images]) mkdirSync(each, { recursive: true })
const world = await startPagesWorld()
const browser = await startBrowser()
try {
  for (const look of looks) await take(world, browser, look)
  await pictureTournament(world, browser, folder, looks)
  await takeStudio(browser, looks, folder)
  for (const name of shown) copyFileSync(path.join(folder, name), path.join(images, name))
} finally {
  await browser.close()
  await world.stop()
}
