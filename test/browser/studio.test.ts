import path from 'node:path'
import { expect } from 'chai'
import type { BrowserContext, Page } from 'playwright-core'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { findings } from './support/axe.ts'
import { usePages } from './support/pages.ts'
import { patienceMs } from './support/patience.ts'
import { expectStudioCard, watchPicture, type Picture } from './support/picture.ts'
import { arrive, spent, watch, type Viewer } from './support/viewer.ts'
import { injectWallet, type InjectedWallet } from './support/wallet.ts'

const streamerKey = generatePrivateKey()

/** Whether the chart has the first of two colours and not the second; red, green and blue. Runs in the page. */
function isPaintedIn([wanted, stale]: readonly [string, string]): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('.studio-chart canvas')
  const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
  const found = new Set<string>()
  for (let at = 0; at < pixels.length; at += 4) found.add([pixels[at], pixels[at + 1], pixels[at + 2]].join())
  return found.has(wanted) && !found.has(stale)
}

describe('the studio and its overlay in a browser, with a viewer who pays', function () {
  this.timeout(300_000)
  const { world, browser } = usePages({
    sells: 'studio',
    paid: privateKeyToAccount(streamerKey).address,
  })
  const complaints: string[] = []
  let context: BrowserContext
  let wallet: InjectedWallet
  let studio: Page
  let overlay: Page
  let viewer: Viewer
  let picture: Picture

  before(async function () {
    this.timeout(300_000)
    context = await browser().newContext({ reducedMotion: 'reduce' })
    context.setDefaultTimeout(patienceMs)
    wallet = await injectWallet(context, world().local, streamerKey)
    studio = await open(`${world().url}/studio/?lang=en&theme=light`)
  })
  after(() => {
    expect(complaints).to.deep.equal([])
  })

  async function open(url: string): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text())
    })
    await page.goto(url)
    return page
  }

  /** The number in a place of the studio, once it is above `least`. */
  async function above(place: string, least: number): Promise<void> {
    await studio.waitForFunction(
      ([id, floor]) => {
        const text = document.querySelector(`[data-testid=${id}]`)?.textContent ?? ''
        return Number.parseFloat(text) > floor
      },
      [place, least] as const,
    )
  }

  async function tip(page: Page, amount: string, message: string): Promise<void> {
    await page.getByLabel('Amount').fill(amount)
    await page.getByLabel('Message').fill(message)
    await page.getByRole('button', { name: 'Send tip' }).click()
  }

  const press = (name: string | RegExp): Promise<void> => studio.getByRole('button', { name }).first().click()

  it('lets the streamer in by one signature that says what it is, and goes live with the test card', async () => {
    expect(await findings(studio), 'door').to.deep.equal([])
    await press('Test Wallet')
    await studio.getByRole('heading', { name: 'Money' }).waitFor()
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts', 'personal_sign'])
    await press('Test card')
    await studio.getByText('The test card is on the air.').waitFor()
    await studio.locator('[data-testid=on-air][data-live=true]').waitFor()
  })

  it('shows its picture to a viewer, money as the viewer pays, and the tip on the overlay after its voucher', async () => {
    await press('Make an address')
    const field = studio.getByLabel('Address of the overlay', { exact: true })
    overlay = await open((await field.inputValue()).replace('/overlay/', '/overlay/?recents=5&seconds=2'))
    await overlay.locator('#overlay[data-state=open]').waitFor()
    viewer = await arrive(world(), browser())
    await watch(viewer)
    picture = await watchPicture(viewer.page)
    await picture.moves()
    await expectStudioCard(picture)
    await spent(viewer.page, 0.004)
    await above('earned', 0.004)
    await studio.getByText('1 viewer, 1 paying now').waitFor()
    await tip(viewer.page, '0.25', '<b>gg!</b>')
    await overlay.locator('.alert').getByText('0.25 USDC tip').waitFor()
    await overlay.locator('.alert').getByText('<b>gg!</b>').waitFor()
    await studio.locator('.studio-tips').getByText('0.25 USDC').waitFor()
    await above('income', 0.25)
  })

  it('draws income as it comes in, not only now and then', async () => {
    const asks = () =>
      studio.waitForRequest((request) => request.url().includes('/studio/api/income'), {
        timeout: patienceMs,
      })
    await asks()
    const before = performance.now()
    for (let further = 0; further < 3; further += 1) await asks()
    // By the clock alone it would take forty-five seconds.
    expect(performance.now() - before).to.be.lessThan(30_000)
  })

  it('shows the price with a comma in German, and takes one with a comma or a point', async () => {
    await press('DE Deutsch')
    const price = studio.getByLabel('Preis pro Minute · USDC')
    expect(await price.inputValue()).to.equal('0,12')
    for (const [typed, hour] of [
      ['0,25', '15,00 USDC'],
      ['0.35', '21,00 USDC'],
    ] as const) {
      await price.fill(typed)
      await studio.getByText(`${hour} pro Stunde`).waitFor()
    }
    await press('EN English')
  })

  it('paints the chart in the colours of the theme', async () => {
    // `--wave` of each.
    const themes = { light: '121,195,187', dark: '43,138,134' } as const
    await studio.locator('.studio-chart canvas').waitFor()
    for (const theme of ['dark', 'light'] as const) {
      await studio.locator('.choice select').selectOption(theme)
      const other = theme === 'dark' ? themes.light : themes.dark
      await studio.waitForFunction(isPaintedIn, [themes[theme], other] as const)
    }
  })

  it('never shows a tip whose voucher is forged', async () => {
    const forger = await arrive(
      world(),
      browser(),
      undefined,
      path.join(import.meta.dirname, 'support/forge.js'),
    )
    await watch(forger)
    await spent(forger.page, 0.001)
    await forger.page.getByLabel('Amount').fill('0.50')
    await forger.page.getByLabel('Message').fill('forged')
    // In one turn, so that no voucher goes before the tip's own.
    await forger.page.getByRole('button', { name: 'Send tip' }).evaluate((button: HTMLElement) => {
      Object.assign(window, { forging: true })
      button.click()
    })
    await forger.page.waitForFunction(() => Number(Reflect.get(window, 'refusals')) > 0)
    await forger.context.close()
    await tip(viewer.page, '0.15', 'after the forger')
    await overlay.locator('.alert').getByText('after the forger').waitFor()
    expect(await overlay.locator('.recents li').allTextContents()).to.deep.equal([
      '0.15 USDC after the forger',
      '0.25 USDC <b>gg!</b>',
    ])
    expect(await studio.locator('.studio-tips').textContent()).not.to.contain('forged')
  })

  it('hides a tip, shows it again, replays it, and tests', async () => {
    const recents = overlay.locator('.recents')
    await press('Hide: 0.25 USDC <b>gg!</b>')
    await recents.getByText('gg!').waitFor({ state: 'detached' })
    await press('Show: 0.25 USDC <b>gg!</b>')
    await recents.getByText('gg!').waitFor()
    await press('Replay: 0.25 USDC <b>gg!</b>')
    await overlay.locator('.alert[data-kind=replay]').getByText('<b>gg!</b>').waitFor()
    await press('Send a test alert')
    await overlay.locator('.alert[data-kind=test]').getByText('a test, no money').waitFor()
    await studio.getByText('Shown on 1 overlay.').waitFor()
    await studio.getByLabel('What for').fill('A new lock')
    await studio.getByLabel(/^How much/).fill('1')
    await press('Collect')
    await overlay.getByRole('progressbar', { name: 'A new lock' }).waitFor()
  })

  it('brings the money to the chain when it is asked to', async () => {
    const before = await world().balance(world().streamer)
    await press('Settle all')
    await above('settled', 0.3)
    await studio.getByText(/^[12] sent/).waitFor()
    const after = await world().balance(world().streamer)
    expect(after > before).to.equal(true)
    await above('settled', Number(after) / 1e6 - 0.001)
  })

  it('has nothing that axe finds, in both languages and themes, and fits a phone', async () => {
    for (const summary of await studio.locator('summary').all()) await summary.click()
    for (const [language, theme] of [
      ['EN English', 'light'],
      ['DE Deutsch', 'dark'],
    ] as const) {
      await press(language)
      await studio.locator('.choice select').selectOption(theme)
      expect(await findings(studio), `${language} ${theme}`).to.deep.equal([])
    }
    expect(await findings(overlay), 'overlay').to.deep.equal([])
    for (const name of ['DE Deutsch', 'EN English']) {
      await studio.setViewportSize({ width: 360, height: 740 })
      await press(name)
      expect(await studio.evaluate(() => document.documentElement.scrollWidth), name).to.be.at.most(360)
    }
    await studio.setViewportSize({ width: 1280, height: 860 })
  })

  it('goes on after a reload without another signature, sends its picture again, and ends an overlay that is revoked', async () => {
    await studio.reload()
    await studio.getByRole('heading', { name: 'Money' }).waitFor()
    expect(wallet.prompts).to.deep.equal(['eth_requestAccounts', 'personal_sign'])
    // Its frames came from the page that is gone.
    await picture.stands()
    await press('Test card')
    await picture.moves()
    await expectStudioCard(picture)
    await press('Revoke: OBS')
    await overlay.getByText('This address is not good any more.').waitFor()
  })
})
