import { SluiceError, tournamentsAddress, type Hex } from '@sluice/sdk'
import { ensureChain } from '@sluice/sdk/channel'
import {
  annul,
  bracketPlacings,
  buildResult,
  cancelTournament,
  challenge,
  confirm,
  createTournament,
  createTournamentCall,
  finalize,
  join,
  leave,
  payMany,
  planChallenge,
  planCreateTournament,
  planJoin,
  planSponsor,
  prizesOfResult,
  refund,
  refundable,
  rule,
  signConfirmation,
  sponsor,
  submitResult,
  unpaidPrizes,
  type Bracket,
  type RebuiltTournament,
  type Tournament,
  type TournamentResult,
  type TournamentVerb,
} from '@sluice/sdk/tournament'
import { estimateGas, getGasPrice } from 'viem/actions'
import type { PageConfig } from '../../config/config.ts'
import type { Memory } from '../../edge/browser.ts'
import type { Store } from '../../store.ts'
import { connectWallet, type ConnectedWallet } from '../../wallet/connect.ts'
import { walletMemory, type FoundWallet } from '../../wallet/discovery.ts'
import { walletErrorOf } from '../../wallet/errors.ts'
import { bracketAfter, type Decision } from './bracket.ts'
import { readAgreement } from './agreement.ts'
import type { Follower } from './follow.ts'
import type { Gathering } from './gathering.ts'
import { inviteLink } from './invite.ts'
import type { PaidVerb, PromptStep, Quote, TournamentPageState } from './state.ts'

export type TournamentParameters = {
  readonly state: Store<TournamentPageState>
  readonly config: PageConfig
  readonly memory: Memory
  readonly follower: Follower
  readonly gathering: Gathering
  /** Shows another address without loading the page anew. */
  readonly goTo: (link: string) => void
  readonly page: () => string
}

/** What a person can do. Every function shows its outcome in the state and never throws. */
export type TournamentModel = {
  readonly connect: (wallet: FoundWallet, how: 'ask' | 'silent') => Promise<void>
  readonly disconnect: () => Promise<void>
  readonly switchChain: () => Promise<void>
  /** Asks what something will take of the person, before anything is signed. */
  readonly quoteCreate: (tournament: Tournament) => Promise<void>
  readonly quote: (verb: 'join' | 'challenge') => Promise<void>
  readonly quoteSponsor: (amount: bigint) => Promise<void>
  /** Adds to the prizes, base units. */
  readonly sponsorBy: (amount: bigint) => Promise<void>
  readonly create: (tournament: Tournament, rules: string) => Promise<void>
  /** Records who won a match, in this browser. */
  readonly decide: (decision: Decision) => void
  /** Reports what was decided; the referee decides a dispute by it. */
  readonly report: (bracket: Bracket) => Promise<void>
  readonly ruleBy: (bracket: Bracket) => Promise<void>
  /** Decides a dispute by the result that stands. */
  readonly uphold: () => Promise<void>
  /** Signs that the result is right, as a player. */
  readonly sign: () => Promise<void>
  /** Takes up what this browser remembers and what the address carries of it. */
  readonly takeUp: () => Promise<void>
  /** Takes what a player sent, a link with one or several signatures. */
  readonly gather: (link: string) => Promise<void>
  readonly act: (
    verb: Extract<
      TournamentVerb,
      'join' | 'leave' | 'confirm' | 'challenge' | 'annul' | 'finalize' | 'pay' | 'cancel' | 'refund'
    >,
  ) => Promise<void>
}

/** Name under which a bracket's decisions are remembered. */
export const bracketMemory = (id: Hex): string => `sluice.bracket.${id}`

/** The tournament page without its looks. */
export function createTournamentModel(parameters: TournamentParameters): TournamentModel {
  const { state, config, memory, follower, gathering } = parameters
  let wallet: ConnectedWallet | undefined

  function connected(): ConnectedWallet {
    if (wallet !== undefined) return wallet
    throw new SluiceError({
      code: 'wallet-disconnected',
      message: 'Choose a wallet first.',
      details: 'no wallet is connected',
      action: 'reconnect-wallet',
    })
  }

  function known(): RebuiltTournament {
    const found = state.get().known
    if (found !== undefined) return found
    throw new SluiceError({
      code: 'unknown-tournament',
      message: 'There is no such tournament on this chain.',
      details: `tournament ${state.get().id ?? 'none'}`,
    })
  }

  /** Does something; what goes wrong is shown. */
  async function attempt(busy: TournamentPageState['busy'], work: () => Promise<unknown>): Promise<void> {
    if (state.get().busy !== undefined) return
    state.patch({ busy, step: undefined, problem: undefined })
    try {
      await work()
      await follower.look()
    } catch (error) {
      state.patch({ problem: error instanceof SluiceError ? error : walletErrorOf(error) })
    } finally {
      state.patch({ busy: undefined, step: undefined })
    }
  }

  const onStep = (step: PromptStep): void => {
    state.patch({ step })
  }

  async function connect(found: FoundWallet, how: 'ask' | 'silent'): Promise<void> {
    state.patch({ connecting: how === 'ask' })
    await attempt(undefined, async () => {
      wallet = await connectWallet({ config, wallet: found, how, changed: () => void disconnect() })
      if (wallet === undefined) return
      memory.write(walletMemory, found.info.rdns)
      state.patch({ wallet: { name: wallet.name, address: wallet.address } })
    })
    state.patch({ connecting: false })
  }

  async function disconnect(): Promise<void> {
    memory.forget(walletMemory)
    await wallet?.disconnect().catch(() => undefined)
    wallet = undefined
    state.patch({ wallet: undefined, quotes: {}, problem: undefined })
  }

  /** What the network takes for a creation; undefined when the node cannot tell before the token was allowed. */
  async function feeOf(tournament: Tournament): Promise<bigint | undefined> {
    const { client, address } = connected()
    const call = createTournamentCall({ contract: tournamentsAddress, tournament })
    const gas = await estimateGas(client, { account: address, ...call }).catch(() => undefined)
    return gas === undefined ? undefined : gas * (await getGasPrice(client))
  }

  const quoted = (verb: PaidVerb, ask: () => Promise<Quote>): Promise<void> =>
    attempt(undefined, async () => {
      state.patch({ quotes: { ...state.get().quotes, [verb]: undefined } })
      const quote = await ask()
      state.patch({ quotes: { ...state.get().quotes, [verb]: quote } })
    })

  const resultOf = (bracket: Bracket): TournamentResult => {
    const { tournament, players, sponsors } = known()
    const sponsored = Object.values(sponsors).reduce((sum, amount) => sum + amount, 0n)
    const placings = bracketPlacings(bracket)
    return buildResult({ tournament, players: Object.keys(players).length, sponsored, placings }).result
  }

  async function perform(verb: Parameters<TournamentModel['act']>[0]): Promise<unknown> {
    const { client } = connected()
    const found = known()
    const { tournament } = found
    switch (verb) {
      case 'join':
        return join(client, { tournament, onStep })
      case 'challenge':
        return challenge(client, { tournament, onStep })
      case 'confirm':
        return confirm(client, { tournament, signatures: state.get().confirmations })
      case 'leave':
        return leave(client, { tournament })
      case 'annul':
        return annul(client, { tournament })
      case 'finalize':
        return finalize(client, { tournament })
      case 'pay':
        return payMany(client, { tournament, prizes: unpaidPrizes(found, prizesOfResult(found)) })
      case 'cancel':
        return cancelTournament(client, { tournament })
      case 'refund':
        return refund(client, { tournament, accounts: refundable(found) })
    }
  }

  return {
    connect,
    disconnect,
    switchChain: () => attempt(undefined, () => ensureChain(connected().client)),
    quoteCreate: (tournament) =>
      quoted('create', async () => ({
        plan: await planCreateTournament(connected().client, { tournament }),
        amount: tournament.bond,
        fee: await feeOf(tournament),
      })),
    quote: (verb) =>
      quoted(verb, async () => {
        const { tournament } = known()
        const plan = verb === 'join' ? planJoin : planChallenge
        const amount = verb === 'join' ? tournament.stake : tournament.challengeBond
        return { plan: await plan(connected().client, { tournament }), amount, fee: undefined }
      }),
    quoteSponsor: (amount) =>
      quoted('sponsor', async () => {
        const { tournament } = known()
        return { plan: await planSponsor(connected().client, { tournament, amount }), amount, fee: undefined }
      }),
    sponsorBy: (amount) =>
      attempt('sponsor', () =>
        sponsor(connected().client, { tournament: known().tournament, amount, onStep }),
      ),
    create: (tournament, rules) =>
      attempt('create', async () => {
        const { tournamentId } = await createTournament(connected().client, { tournament, onStep })
        parameters.goTo(inviteLink(parameters.page(), tournamentId, rules))
        state.patch({ id: tournamentId, rules: rules === '' ? undefined : rules, quotes: {} })
      }),
    decide: (decision) => {
      const { id, drawn, decisions } = state.get()
      if (id === undefined || drawn === undefined) return
      const next = [
        ...decisions.filter(({ round, match }) => round !== decision.round || match !== decision.match),
        decision,
      ].sort((a, b) => a.round - b.round)
      bracketAfter(drawn, next)
      memory.write(bracketMemory(id), JSON.stringify(next))
      state.patch({ decisions: next })
    },
    report: (bracket) =>
      attempt('report', () =>
        submitResult(connected().client, { tournament: known().tournament, result: resultOf(bracket) }),
      ),
    ruleBy: (bracket) =>
      attempt('rule', () =>
        rule(connected().client, { tournament: known().tournament, result: resultOf(bracket) }),
      ),
    uphold: () =>
      attempt('rule', () => {
        const { tournament, result } = known()
        if (result === undefined) throw new Error('a disputed tournament has a result')
        return rule(connected().client, { tournament, result })
      }),
    sign: () =>
      attempt('sign', async () => {
        const { tournament } = known()
        await gathering.add([await signConfirmation(connected().client, { tournament })])
      }),
    takeUp: async () => {
      try {
        await gathering.takeUp()
      } catch (error) {
        state.patch({ problem: error instanceof SluiceError ? error : walletErrorOf(error) })
      }
    },
    gather: (link) => attempt(undefined, () => gathering.add(readAgreement(link))),
    act: (verb) => attempt(verb, () => perform(verb)),
  }
}

/** The decisions that a browser remembers; none when what it remembers is something else. */
export function rememberedDecisions(memory: Memory, id: Hex): readonly Decision[] {
  try {
    const kept: unknown = JSON.parse(memory.read(bracketMemory(id)) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isDecision) : []
  } catch {
    return []
  }
}

function isDecision(value: unknown): value is Decision {
  if (typeof value !== 'object' || value === null) return false
  const { round, match, winner } = value as Partial<Record<keyof Decision, unknown>>
  return Number.isInteger(round) && Number.isInteger(match) && /^0x[0-9a-f]{40}$/i.test(String(winner))
}
