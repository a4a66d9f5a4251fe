import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from './support/chromium.ts'
import { startPagesWorld, type PagesWorld } from './support/world.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const words = {
  en: {
    start: 'Start watching',
    confirm: 'Confirm',
    paying: 'You are paying.',
    stop: 'Stop and settle',
    save: 'Save as JSON',
    limits: 'Spending limits',
    close: 'Close',
  },
  de: {
    start: 'Zuschauen',
    confirm: 'Bestätigen',
    paying: 'Du zahlst.',
    stop: 'Beenden und abrechnen',
    save: 'Als JSON sichern',
    limits: 'Ausgabelimits',
    close: 'Schließen',
  },
} as const

describe('the pages for everyone', function () {
  this.timeout(120_000)
  let world: PagesWorld
  let browser: Browser

  before(async () => {
    world = await startPagesWorld()
    browser = await startBrowser()
  })
  after(async () => {
    await browser.close()
    await world.stop()
  })

  /** What axe finds wrong with a page as it stands. */
  async function findings(page: Page): Promise<readonly string[]> {
    // Evaluated by the debugger, which a content security policy does not bind.
    await page.evaluate(axeSource)
    const { violations } = await page.evaluate<AxeResults>('axe.run()')
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }

  for (const language of ['en', 'de'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      it(`axe finds nothing on the way from a wallet to a receipt, in ${language} and ${theme}`, async () => {
        const { start, confirm, paying, stop, save, limits, close } = words[language]
        const context = await browser.newContext({ reducedMotion: 'reduce' })
        context.setDefaultTimeout(30_000)
        const page = await context.newPage()
        await page.goto(`${world.url}/watch/?lang=${language}&theme=${theme}`)
        await page.getByRole('button', { name: /^Demo 1/ }).waitFor()
        expect(await findings(page), 'wallets').to.deep.equal([])
        await page.getByRole('button', { name: /^Demo 1/ }).click()
        await page.getByRole('button', { name: confirm }).waitFor()
        expect(await findings(page), 'demo wallet').to.deep.equal([])
        await page.getByRole('button', { name: confirm }).click()
        await page.getByRole('button', { name: start }).waitFor()
        expect(await findings(page), 'budget').to.deep.equal([])
        await page.getByRole('button', { name: limits }).click()
        expect(await findings(page), 'limits').to.deep.equal([])
        await page.getByRole('button', { name: close }).click()
        await page.getByRole('button', { name: start }).click()
        await confirmUntil(page, confirm, paying)
        expect(await findings(page), 'meter').to.deep.equal([])
        await page.getByRole('button', { name: stop }).click()
        await page.getByRole('button', { name: save }).waitFor()
        expect(await findings(page), 'receipt').to.deep.equal([])
        await context.close()
      })
    }
  }

  it('shows everything on a phone without scrolling sideways', async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
    await page.goto(`${world.url}/watch/?lang=de`)
    await page.getByRole('button', { name: /^Demo 1/ }).waitFor()
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).to.be.at.most(360)
    await page.close()
  })

  it('loads at most 250 kB of compressed script before a wallet is chosen', async () => {
    const { gzipSync } = await import('node:zlib')
    const page = await browser.newPage()
    const sizes: number[] = []
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return
      void response.body().then((body) => sizes.push(gzipSync(body).length))
    })
    await page.goto(`${world.url}/watch/`, { waitUntil: 'networkidle' })
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(total).to.be.within(1, 250_000)
    await page.close()
  })
})

/** Confirms whatever the demo wallet asks until the page says `text`. */
async function confirmUntil(page: Page, confirm: string, text: string): Promise<void> {
  const done = page.getByText(text)
  const question = page.getByRole('button', { name: confirm })
  for (let left = 4; left > 0; left -= 1) {
    await done.or(question).first().waitFor()
    if (await done.isVisible()) return
    await question.click()
  }
  await done.waitFor()
}
