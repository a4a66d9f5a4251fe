import { createPublicClient, http } from 'viem'
import { localChainId, type PageConfig } from '../config/config.ts'
import { clock, every, memory } from '../edge/browser.ts'
import { createStore } from '../store.ts'
import { start } from '../ui/start.tsx'
import { chainOf } from '../wallet/chain.ts'
import { announceDemoWallets } from '../wallet/demo/announce.ts'
import { discoverWallets, walletMemory } from '../wallet/discovery.ts'
import { Context, type TournamentContext } from './context.ts'
import { createFollower } from './model/follow.ts'
import { createGathering } from './model/gathering.ts'
import { readInvite } from './model/invite.ts'
import { initialState, type TournamentPageState } from './model/state.ts'
import { createTournamentModel, rememberedDecisions } from './model/tournament.ts'
import { TournamentPage } from './TournamentPage.tsx'
import './tournament.css'

/** How often the chain is asked, milliseconds. */
const lookMs = { local: 1_000, public: 6_000 }

/** The wallet that was used before, if it is there again: it is taken up without a prompt. */
function onReturn({ wallets, model }: TournamentContext): void {
  const known = memory.read(walletMemory)
  if (known === undefined) return
  let taken = false
  const look = (): void => {
    const found = wallets.get().find(({ info }) => info.rdns === known)
    if (found === undefined || taken) return
    taken = true
    void model.connect(found, 'silent')
  }
  look()
  wallets.subscribe(look)
}

// Whatever `start` makes is there at once; the chain is asked meanwhile.
async function make(config: PageConfig) {
  const { id, rules } = readInvite(location.href)
  const decisions = id === undefined ? [] : rememberedDecisions(memory, id)
  const state = createStore<TournamentPageState>({ ...initialState, id, decisions })
  const client = createPublicClient({ chain: chainOf(config), transport: http(config.rpcUrl) })
  const follower = createFollower({ client, state, nowMs: clock.now, rules })
  const page = (): string => location.href
  const goTo = (link: string): void => history.replaceState(undefined, '', link)
  const gathering = createGathering({ client, chainId: config.chainId, state, memory, page })
  const context: TournamentContext = {
    config,
    state,
    wallets: discoverWallets(),
    nowMs: clock.now,
    page,
    model: createTournamentModel({ state, config, memory, follower, gathering, goTo, page }),
  }
  const questions = announceDemoWallets(config)
  onReturn(context)
  const look = (): void => {
    // A node that does not answer is asked again; what a person does says so itself.
    follower
      .look()
      .then(context.model.takeUp)
      .catch(() => undefined)
  }
  look()
  every(config.chainId === localChainId ? lookMs.local : lookMs.public, look)
  return (
    <Context value={context}>
      <TournamentPage questions={questions} />
    </Context>
  )
}

start(make)
