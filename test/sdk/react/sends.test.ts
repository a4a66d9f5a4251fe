import { expect } from 'chai'
import { createElement, type ReactNode } from 'react'
import { zeroAddress } from 'viem'
import { useWalletClient } from 'wagmi'
import { subscriptionsAddress } from '@sluice/sdk'
import { createOrder } from '@sluice/sdk/escrow'
import {
  useAuthorizeOrder,
  useCancelSubscription,
  useCreateTournament,
  useJoinTournament,
  useLeaveTournament,
  useOrder,
  usePauseSubscription,
  useReclaimOrder,
  useResumeSubscription,
  useSponsorTournament,
  useSubscribe,
  useSubscription,
  useTournament,
  useTournamentPlayer,
  WalletPrompt,
} from '@sluice/sdk/react'
import { createPlanCall } from '@sluice/sdk/subscription'
import { defineTournament } from '@sluice/sdk/tournament'
import { streamer } from '../../../scripts/start/accounts.ts'
import { openScreen, type Screen } from './dom.ts'
import { createReactWorld, fortune, lines, monthly, word } from './world.ts'

type World = Awaited<ReturnType<typeof createReactWorld>>

const query = { refetchInterval: 300 }

describe('the hooks for React that send', function () {
  this.timeout(300_000)
  const opened = new AsyncDisposableStack()
  let world: World
  let screen: Screen
  let now: number
  const shows = (part: string) => screen.until((text) => text.includes(part), part)

  before(async () => {
    world = await createReactWorld()
    opened.defer(world.stop)
    screen = await openScreen()
    opened.defer(screen.close)
    now = Number((await world.local.client.getBlock()).timestamp)
  })
  after(() => opened.disposeAsync())

  it('create, join, sponsor and leave a tournament: planned before, each prompt told, and nothing twice (T2)', async () => {
    const tournament = defineTournament({
      host: world.viewer,
      token: world.token,
      referee: streamer,
      stake: 1_000n,
      minimumPlayers: 2,
      maximumPlayers: 8,
      joinDeadline: now + 3600,
      resultDeadline: now + 7200,
      payouts: [10_000],
      salt: word,
    })
    let join: ReturnType<typeof useJoinTournament> | undefined
    let send: Record<'create' | 'sponsor' | 'leave', () => Promise<unknown>> | undefined
    const seen: string[] = []
    const Page = (): ReactNode => {
      const create = useCreateTournament()
      const sponsor = useSponsorTournament()
      const leave = useLeaveTournament()
      join = useJoinTournament()
      send = {
        create: () => create.send({ tournament }),
        sponsor: () => sponsor.send({ tournament, amount: 40n }),
        leave: () => leave.send({ tournament }),
      }
      const { data } = useTournament({ tournament: { tournament }, query })
      const { data: player } = useTournamentPlayer({ tournament: { tournament }, query })
      if (seen.at(-1) !== join.status) seen.push(join.status)
      return [
        lines({
          create: create.status,
          join: join.status,
          stage: data?.stage,
          seat: player?.seat,
          sponsored: data?.sponsored,
        }),
        lines({ prompts: join.planned?.prompts, problem: join.problem?.code, player: join.result?.player }),
        createElement(WalletPrompt, {
          key: 'prompt',
          of: join,
          children: ({ index, of }) => {
            seen.push(`${String(index)} of ${String(of)}`)
            return null
          },
        }),
      ]
    }
    screen.show(world.page(createElement(Page)))
    await shows('stage=none;')
    await join?.send({ tournament })
    await shows('problem=wallet-disconnected;')
    await world.connect()
    await shows('join=idle;')
    await send?.create()
    await shows('create=done;')
    await shows('stage=open;')

    await join?.plan({ tournament })
    await shows('prompts=2;')
    world.wallet.mood.refusal = { code: 4001, message: 'User rejected the request.' }
    expect(await join?.send({ tournament })).to.equal(undefined)
    await shows('join=failed;')
    await shows('problem=wallet-rejected;')
    world.wallet.mood.refusal = undefined
    world.wallet.prompts.length = 0
    seen.length = 0

    const [first, second] = [join?.send({ tournament }), join?.send({ tournament })]
    const joined = await first
    expect(joined?.player).to.equal(world.viewer)
    expect(await second).to.equal(joined)
    await shows(`player=${world.viewer};`)
    await shows('seat=joined;')
    expect(seen).to.include.members(['asking', '1 of 2', '2 of 2', 'sending', 'done'])
    expect(world.wallet.prompts).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])

    await send?.sponsor()
    await shows('sponsored=40;')
    await send?.leave()
    await shows('seat=none;')
    expect(await world.balance(world.viewer)).to.equal(fortune - 40n)
  })

  it('subscribe, pause, go on and cancel (S1)', async () => {
    const plan = monthly(world.token)
    let send: Record<'subscribe' | 'pause' | 'resume' | 'cancel', () => Promise<unknown>> | undefined
    const Page = (): ReactNode => {
      const hooks = {
        subscribe: useSubscribe(),
        pause: usePauseSubscription(),
        resume: useResumeSubscription(),
        cancel: useCancelSubscription(),
      }
      send = {
        subscribe: () => hooks.subscribe.send({ plan }),
        pause: () => hooks.pause.send({ plan }),
        resume: () => hooks.resume.send({ plan }),
        cancel: () => hooks.cancel.send({ plan }),
      }
      const { data } = useSubscription({ plan: { plan }, query })
      const { subscribe, pause, resume, cancel } = hooks
      const ended = (data?.end ?? 0) > 0
      return lines({
        ready: useWalletClient().data !== undefined,
        paid: (data?.paidUntil ?? 0) > 0,
        isPaused: data?.paused ?? false,
        ended,
        done: [subscribe, pause, resume, cancel].filter(({ status }) => status === 'done').length,
        problem: [subscribe, pause, resume, cancel].find(({ problem }) => problem)?.problem?.details,
      })
    }
    await world.sendAsMerchant(createPlanCall({ contract: subscriptionsAddress, plan }))
    screen.show(world.page(createElement(Page)))
    await shows('ready=true;paid=false;')
    await send?.subscribe()
    await shows('paid=true;isPaused=false;ended=false;done=1;')
    await send?.pause()
    await shows('isPaused=true;ended=false;done=2;')
    await send?.resume()
    await shows('isPaused=false;ended=false;done=3;')
    await send?.cancel()
    await shows('ended=true;done=4;')
  })

  it('put money into an order, and say why it cannot be had back yet', async () => {
    const order = createOrder({
      payer: world.viewer,
      receiver: streamer,
      token: zeroAddress,
      maxAmount: 5_000n,
      captureDeadline: now + 86_400,
    })
    let authorize: ReturnType<typeof useAuthorizeOrder> | undefined
    let reclaim: ReturnType<typeof useReclaimOrder> | undefined
    const Page = (): ReactNode => {
      authorize = useAuthorizeOrder()
      reclaim = useReclaimOrder()
      const { data } = useOrder({ order: { order }, query })
      const { status, planned } = authorize
      const ready = useWalletClient().data !== undefined
      return lines({
        ready,
        status,
        prompts: planned?.prompts,
        held: data?.authorized,
        late: reclaim.problem?.code,
      })
    }
    screen.show(world.page(createElement(Page)))
    await shows('held=0;')
    await shows('ready=true;')
    await authorize?.plan({ order })
    await shows('prompts=1;')
    world.wallet.prompts.length = 0
    await authorize?.send({ order })
    await shows('status=done;')
    await shows('held=5000;')
    await reclaim?.send({ order })
    await shows('late=deadline-not-reached;')
    expect(world.wallet.prompts).to.deep.equal(['eth_sendTransaction'])
  })
})
