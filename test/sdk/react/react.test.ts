import { expect } from 'chai'
import { createElement, Fragment, type ReactNode } from 'react'
import { encodeFunctionData, parseAbi, zeroAddress } from 'viem'
import { streamer } from '../../../scripts/start/accounts.ts'
import { subscriptionsAddress, tournamentsAddress } from '@sluice/sdk'
import {
  Countdown,
  StreamGate,
  StreamMeter,
  useActiveSubscription,
  useChannel,
  useChannels,
  useStreamSession,
  useSubscription,
  useTournament,
  useTournamentPlayer,
} from '@sluice/sdk/react'
import { createPlanCall, subscribeCall } from '@sluice/sdk/subscription'
import { createTournamentCall, defineTournament, joinCall, type Tournament } from '@sluice/sdk/tournament'
import { openScreen, type Screen } from './dom.ts'
import { createReactWorld, fortune, lines, monthly, word } from './world.ts'

type World = Awaited<ReturnType<typeof createReactWorld>>
type Session = ReturnType<typeof useStreamSession>

describe('the hooks for React', function () {
  this.timeout(300_000)
  const opened = new AsyncDisposableStack()
  let world: World
  let screen: Screen

  before(async () => {
    world = await createReactWorld()
    opened.defer(world.stop)
    screen = await openScreen()
    opened.defer(screen.close)
  })
  after(() => opened.disposeAsync())

  it('open, pay, tip and settle a stream with the exact prompts and balances (I2, I17)', async () => {
    let session: Session | undefined
    const Watch = (): ReactNode => {
      session = useStreamSession()
      const { status, stream, problem, final } = session
      const channel = useChannel({
        channel: stream && { channelId: stream.channelId },
        query: { refetchInterval: 300 },
      })
      return createElement(
        Fragment,
        null,
        lines({ status, problem: problem?.code, channel: channel.data?.status, captured: final?.captured }),
        createElement(StreamMeter, {
          session,
          children: ({ spent }) => createElement('p', null, `spent=${spent};`),
        }),
        createElement(StreamGate, {
          session,
          closed: (reason) => createElement('p', null, `gate=${String(reason)};`),
          children: createElement('p', null, 'gate=open;'),
        }),
      )
    }
    const act = (work: (session: Session) => unknown) => session && void work(session)
    const shows = (part: string) => screen.until((text) => text.includes(part), part)

    screen.show(world.page(createElement(Watch)))
    await shows('status=no-wallet;')
    await world.connect()
    await shows('status=ready;')
    expect(screen.text()).to.include('gate=undefined;')

    world.wallet.mood.refusal = { code: 4001, message: 'User rejected the request.' }
    act(({ open }) => open({ payee: world.url, budget: '5.00' }))
    await shows('problem=wallet-rejected;')
    expect(screen.text()).to.include('status=ready;')
    world.wallet.mood.refusal = undefined
    world.wallet.prompts.length = 0

    act(({ open }) => open({ payee: world.url, budget: '5.00' }))
    await shows('status=open;')
    await shows('channel=open;')
    act(({ play }) => play())
    await shows('gate=open;')
    await screen.until((text) => /spent=0[.]\d*[1-9]/.test(text), 'something is spent')
    act(({ tip }) => tip('0.50', 'gg!'))
    await screen.until((text) => /spent=0[.][5-9]/.test(text), 'the tip counts')
    act(({ stop }) => stop())
    await shows('status=ended;')
    await shows('channel=closed;')

    const captured = session?.final?.captured ?? 0n
    expect(captured > 500_000n, String(captured)).to.equal(true)
    expect(await world.balance(world.viewer)).to.equal(fortune - captured)
    expect(await world.balance(streamer)).to.equal(captured)
    expect(world.wallet.prompts).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])
  })

  it('find the channels of the account that is connected, from the chain alone', async () => {
    const Channels = (): ReactNode => {
      const { data } = useChannels({ role: 'payer' })
      return lines({ found: data?.channels.map(({ status }) => status).join() })
    }
    screen.show(world.page(createElement(Channels)))
    await screen.until((text) => text.includes('found=closed;'), 'the closed channel')
  })

  it('tell where a tournament stands and who plays (T4)', async () => {
    const { timestamp } = await world.local.client.getBlock()
    const now = Number(timestamp)
    const tournament: Tournament = defineTournament({
      host: world.viewer,
      token: zeroAddress,
      referee: streamer,
      stake: 1_000n,
      bond: 5_000n,
      challengeBond: 1_000n,
      keeperReward: 0n,
      minimumPlayers: 2,
      maximumPlayers: 8,
      joinDeadline: now + 3600,
      resultDeadline: now + 7200,
      challengeWindow: 3600,
      rulingWindow: 3600,
      rake: 0,
      rulesHash: word,
      salt: word,
      payouts: [10_000],
    })
    const Stands = (): ReactNode => {
      const query = { refetchInterval: 300 }
      const { data } = useTournament({ tournament: { tournament }, query })
      const { data: player } = useTournamentPlayer({ tournament: { tournament }, query })
      return lines({ stage: data?.stage, players: data?.players, seat: player?.seat })
    }
    screen.show(world.page(createElement(Stands)))
    await screen.until((text) => text === 'stage=none;players=0;seat=none;', 'nothing yet')
    const contract = tournamentsAddress
    await world.send(createTournamentCall({ contract, tournament }))
    await screen.until((text) => text === 'stage=open;players=0;seat=none;', 'an open tournament')
    await world.send(joinCall({ contract, tournament, player: world.viewer }))
    await screen.until((text) => text === 'stage=open;players=1;seat=joined;', 'a player')
  })

  it('tell what is paid of a subscription, and whether it gives access (S1)', async () => {
    const plan = monthly(world.token)
    const Subscribed = (): ReactNode => {
      const query = { refetchInterval: 300 }
      const { data } = useSubscription({ plan: { plan }, query })
      const { data: active } = useActiveSubscription({ plan: { plan }, query })
      return lines({ price: data?.price, active })
    }
    screen.show(world.page(createElement(Subscribed)))
    await screen.until((text) => text === 'price=0;active=false;', 'no subscription')
    const contract = subscriptionsAddress
    await world.sendAsMerchant(createPlanCall({ contract, plan }))
    const data = encodeFunctionData({
      abi: parseAbi(['function approve(address, uint256)']),
      args: [contract, 12_000_000n],
    })
    await world.send({ to: world.token, data })
    const terms = { subscriber: world.viewer, maxPrice: 1_000_000n, start: 0, end: 0 }
    await world.send(subscribeCall({ contract, plan, terms }))
    await screen.until((text) => text === 'price=1000000;active=true;', 'access')
  })

  it('count down to a moment and stop there', async () => {
    const until = Math.ceil(Date.now() / 1000) + 2
    const seen = new Set<number>()
    const Left = (): ReactNode =>
      createElement(Countdown, {
        until,
        children: (left) => {
          seen.add(left)
          return `left=${left};`
        },
      })
    screen.show(createElement(Left))
    await screen.until((text) => text === 'left=0;', 'the end')
    expect(Date.now() / 1000 >= until).to.equal(true)
    expect(Math.max(...seen)).to.be.within(1, 3)
  })
})
