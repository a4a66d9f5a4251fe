import { expect } from 'chai'
import { usePages } from './support/pages.ts'
import { arrive, type Viewer } from './support/viewer.ts'

describe('amounts in German, typed with a comma or a point', function () {
  this.timeout(300_000)
  const { world, browser } = usePages()
  let viewer: Viewer

  const at = async (path: string): Promise<Viewer['page']> => {
    viewer = await arrive(world(), browser(), `${path}?lang=de`)
    return viewer.page
  }
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      const said = await viewer.page.locator('body').innerText()
      console.error([`The page said:\n${said}`, ...viewer.complaints].join('\n'))
    }
    await viewer.context.close()
  })

  it('on the watch page: limits, budget, tips and top-ups, which show the comma by themselves', async () => {
    const page = await at('/watch/')
    await page.getByRole('button', { name: 'Ausgabelimits' }).click()
    const limit = page.getByLabel(/^Für einen Stream/)
    await limit.fill('2,5')
    await page.getByRole('button', { name: 'Setzen: Für einen Stream' }).click()
    await page.getByText('Für einen Stream · 2,50 USDC').waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Ausgabelimits' }).click()
    expect(await limit.inputValue()).to.equal('2,50')
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Test Wallet' }).click()
    await page.getByLabel('Anderer Betrag').fill('0,5')
    await page.getByText('in deiner Wallet, dann keine mehr').waitFor()
    await page.getByRole('button', { name: 'Zuschauen' }).click()
    await page.getByText('Du zahlst.').waitFor()
    const tip = page.getByLabel('Betrag', { exact: true })
    expect(await tip.inputValue()).to.equal('0,10')
    for (const typed of ['0,02', '0.03', ',04']) {
      await tip.fill(typed)
      await page.getByRole('button', { name: 'Trinkgeld geben' }).click()
      await page
        .getByTestId('tipped')
        .getByText(`0,0${typed.slice(-1)} USDC`)
        .waitFor()
    }
    await page.getByText('Aufladen').first().click()
    expect(await page.getByLabel('in USDC').last().inputValue()).to.equal('1,00')
  })

  it('on the tournament page', async () => {
    const page = await at('/tournament/')
    for (const typed of ['2,5', '2.5']) {
      await page.getByLabel('Einsatz je Spieler').fill('1')
      await page.getByText('2,00 USDC').first().waitFor()
      await page.getByLabel('Einsatz je Spieler').fill(typed)
      await page.getByText('5,00 USDC').first().waitFor()
    }
  })
})
