import { expect } from 'chai'
import * as react from '@sluice/sdk/react'
import { openScreen, type Screen } from './dom.ts'
import { tournamentSends } from './everySend/games.ts'
import { orderSends } from './everySend/orders.ts'
import { subscriptionSends } from './everySend/plans.ts'
import { createStand, type World } from './everySend/stand.ts'
import { createReactWorld } from './world.ts'

/** What another test sends with: what a page does first. */
const elsewhere = [
  'useAuthorizeOrder',
  'useCancelSubscription',
  'useCreateTournament',
  'useJoinTournament',
  'useLeaveTournament',
  'usePauseSubscription',
  'useResumeSubscription',
  'useSponsorTournament',
  'useSubscribe',
]
/** Hooks that send nothing of their own. */
const asking =
  /^use(Active|Channel|Order$|SecondsUntil|Send$|Sluice|Stream|Subscription$|Tournament$|TournamentPlayer)/

describe('every hook for React that sends', function () {
  this.timeout(300_000)
  const opened = new AsyncDisposableStack()
  let world: World
  let screen: Screen
  const stand = createStand(
    () => world,
    () => screen,
  )
  const rows = [...orderSends(stand), ...tournamentSends(stand), ...subscriptionSends(stand)]

  before(async () => {
    world = await createReactWorld()
    opened.defer(world.stop)
    screen = await openScreen()
    opened.defer(screen.close)
    await world.connect()
  })
  after(() => opened.disposeAsync())

  for (const { hook, sends } of rows) {
    it(`${hook} sends once what it is given, and returns what the chain made of it`, sends)
  }

  it('is drawn here, or in the test of what pages do first', () => {
    const sending = Object.keys(react).filter((name) => name.startsWith('use') && !asking.test(name))
    const tested = [...elsewhere, ...rows.map(({ hook }) => hook)]
    expect(tested.toSorted()).to.deep.equal(sending.toSorted())
  })
})
