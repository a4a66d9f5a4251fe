import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { findings } from './support/axe.ts'
import { pressUntil } from './support/demoWallet.ts'
import { usePages } from './support/pages.ts'
import { patienceMs } from './support/patience.ts'

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
  this.timeout(300_000)
  const { world, browser } = usePages({ sells: 'feed' })

  for (const language of ['en', 'de'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      it(`axe finds nothing on the way from a wallet to a receipt, in ${language} and ${theme}`, async () => {
        const { start, confirm, paying, stop, save, limits, close } = words[language]
        const context = await browser().newContext({ reducedMotion: 'reduce' })
        context.setDefaultTimeout(patienceMs)
        const page = await context.newPage()
        await page.goto(`${world().url}/watch/?lang=${language}&theme=${theme}`)
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
        await pressUntil(page.getByRole('button', { name: confirm }), page.getByText(paying))
        expect(await findings(page), 'meter').to.deep.equal([])
        await page.getByRole('button', { name: stop }).click()
        await page.getByRole('button', { name: save }).waitFor()
        expect(await findings(page), 'receipt').to.deep.equal([])
        await context.close()
      })
    }
  }

  it('shows everything on a phone without scrolling sideways', async () => {
    const page = await browser().newPage({ viewport: { width: 360, height: 740 } })
    page.setDefaultTimeout(patienceMs)
    await page.goto(`${world().url}/watch/?lang=de`)
    await page.getByRole('button', { name: /^Demo 1/ }).waitFor()
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).to.be.at.most(360)
    await page.close()
  })

  it('loads at most 250 kB of compressed script before a wallet is chosen', async () => {
    const page = await browser().newPage()
    page.setDefaultTimeout(patienceMs)
    const sizes: Promise<number>[] = []
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return
      sizes.push(response.body().then((body) => gzipSync(body).length))
    })
    await page.goto(`${world().url}/watch/`)
    await page.getByRole('button', { name: /^Demo 1/ }).waitFor()
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    expect(total).to.be.within(1, 250_000)
    await page.close()
  })
})
