import { createTestClient, http } from 'viem'
import type { Viewer } from './viewer.ts'
import type { PagesWorld } from './world.ts'

/** The tournament page, before there is a tournament. */
export const tournamentPath = '/tournament/?lang=en'

const dayMs = 86_400_000

/** Makes the chain's time one at which players can no longer join. */
export function passJoining(world: PagesWorld, host: Viewer): Promise<void> {
  return pass(world, host, { hours: 25n, shown: 'being played' })
}

/** Makes the chain's time one at which nobody can dispute the result any more, once there is one. */
export async function passDisputing(world: PagesWorld, host: Viewer): Promise<void> {
  await host.page.getByText('result reported').waitFor()
  await pass(world, host, { hours: 1n, shown: 'result reported' })
}

async function pass(
  { local }: PagesWorld,
  { page }: Viewer,
  { hours, shown }: { readonly hours: bigint; readonly shown: string },
): Promise<void> {
  const { chain, url, client } = local
  const test = createTestClient({ mode: 'hardhat', chain, transport: http(url) })
  const { timestamp } = await client.getBlock()
  await test.setNextBlockTimestamp({ timestamp: timestamp + hours * 3600n + 60n })
  await test.mine({ blocks: 1 })
  await page.getByText(shown).waitFor()
}

export async function connect({ page }: Viewer): Promise<void> {
  await page.getByRole('button', { name: 'Test Wallet' }).click()
}

/** Fills in the terms, looks at what they come to, and opens the tournament; returns the invitation. */
export async function create(world: PagesWorld, host: Viewer, referee: string): Promise<string> {
  const { page } = host
  // An earlier test left the chain's time ahead of the clock.
  const { timestamp } = await world.local.client.getBlock()
  const joinUntil = new Date(Number(timestamp) * 1000 + dayMs)
  await page.getByLabel('Name and rules').fill('Eastgate Cup\nBest of three.')
  await page.getByLabel('Referee').fill(referee)
  await page.getByLabel('Players join until').fill(localTime(joinUntil))
  await page.getByLabel('Prizes').selectOption('two')
  await page.getByText('Bonds and disputes').click()
  await page.getByLabel('Your share of the stakes').fill('5')
  await page.getByLabel('Your bond').fill('20')
  await page.getByText('95.00 USDC').or(page.getByText('76.00 USDC')).first().waitFor()
  await connect(host)
  await page.getByText('2 confirmations in your wallet.').waitFor()
  await page.getByRole('button', { name: 'Create the tournament' }).click()
  await page.getByRole('heading', { name: 'Eastgate Cup' }).waitFor()
  await page.getByRole('img', { name: 'QR code of the invitation' }).waitFor()
  return await page.getByLabel('Link', { exact: true }).inputValue()
}

export async function joins(player: Viewer, link: string): Promise<void> {
  const { page } = player
  await page.goto(link.replace('?', '?lang=en&'))
  await page.getByRole('heading', { name: 'Eastgate Cup' }).waitFor()
  await connect(player)
  await page.getByText(/confirmations? in your wallet/).waitFor()
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByText('You play').waitFor()
}

/** Adds to the prizes, whole tokens. */
export async function sponsors({ page }: Viewer, amount: string): Promise<void> {
  await page.getByText('Add to the prizes').first().click()
  await page.getByLabel('Amount in USDC').fill(amount)
  await page.getByText(/called off[.] .* confirmations? in your wallet/).waitFor()
  await page.getByRole('button', { name: `Add ${amount}.00 USDC to the prizes` }).click()
  await page.getByRole('heading', { name: 'Sponsors' }).waitFor()
}

/** Signs that the result is right; returns the link to pass on. */
export async function agrees({ page }: Viewer): Promise<string> {
  await page.getByRole('button', { name: 'The result is right: sign it' }).click()
  await page.getByText('1 of 2 players signed').waitFor()
  return await page.getByLabel('Link with the signatures', { exact: true }).inputValue()
}

/** How the button is called that says that somebody won. */
export function winsOf({ address }: Viewer): RegExp {
  const short = `${address.slice(0, 6)}…${address.slice(-4)}`
  return new RegExp(`^${short} won this match`, 'i')
}

/** A moment as a field for date and time takes it, in the time zone of this machine and its browser. */
function localTime(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
