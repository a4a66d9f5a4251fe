import path from 'node:path'
import type { Browser } from 'playwright-core'
import {
  create,
  joins,
  passDisputing,
  passJoining,
  tournamentPath,
} from '../../test/browser/support/tournament.ts'
import { arrive, type Viewer } from '../../test/browser/support/viewer.ts'
import type { PagesWorld } from '../../test/browser/support/world.ts'

/** How a page is looked at. */
export type Look = {
  readonly language: 'en' | 'de'
  readonly theme: 'light' | 'dark'
  readonly name: string
  readonly width: number
  readonly height: number
}

/**
 * Plays a tournament of four and pictures the host's page where it stands, in every look.
 *
 * @param world with the pages
 * @param browser draws them
 * @param folder the pictures go there
 * @param looks each as a picture of its own
 */
export async function pictureTournament(
  world: PagesWorld,
  browser: Browser,
  folder: string,
  looks: readonly Look[],
): Promise<void> {
  const host = await arrive(world, browser, tournamentPath)
  const players: Viewer[] = []
  for (let count = 0; count < 4; count += 1) players.push(await arrive(world, browser, tournamentPath))
  const [first] = players
  if (first === undefined) throw new Error('four players arrived')

  async function picture(of: string, link: string, ready: string): Promise<void> {
    for (const { language, theme, name, width, height } of looks) {
      const page = await host.context.newPage()
      await page.setViewportSize({ width, height })
      await page.goto(link.replace('?', `?lang=${language}&theme=${theme}&`))
      await page.locator(ready).first().waitFor()
      const file = `${of}-${language}-${theme}-${name}.png`
      await page.screenshot({ path: path.join(folder, file), fullPage: true })
      await page.close()
    }
  }

  await picture('terms', `${world.url}/tournament/?`, '.wallets button')
  const link = await create(world, host, first.address)
  for (const player of players) await joins(player, link)
  await picture('cup', link, '[data-stage=open] .countdown')
  await passJoining(world, host)
  await host.page.locator('.bracket button').first().waitFor()
  const semiFinals = await host.page.locator('.round').first().locator('.match').all()
  for (const match of semiFinals) await match.getByRole('button').first().click()
  await picture('bracket', link, '.bracket button')
  await host.page.locator('.round').last().getByRole('button').first().click()
  await host.page.getByRole('button', { name: 'Report the result' }).click()
  await passDisputing(world, host)
  await host.page.getByRole('button', { name: 'Make the result final' }).click()
  await host.page.getByRole('button', { name: 'Pay the winners' }).click()
  await host.page.getByText('Everything has been paid out.').waitFor()
  await picture('prizes', link, '[data-stage=paid]')
  for (const { context } of [host, ...players]) await context.close()
}
