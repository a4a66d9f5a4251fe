import { fetchOffer } from '@sluice/sdk'
import { createIndexedDbStore, type Offer } from '@sluice/sdk/session'
import type { PageConfig } from '../config/config.ts'
import { clock, memory } from '../edge/browser.ts'
import { createTabLock } from '../edge/tabLock.ts'
import { createGuard } from '../limits/guard.ts'
import { createStore } from '../store.ts'
import { start } from '../ui/start.tsx'
import { announceDemoWallets } from '../wallet/demo/announce.ts'
import { discoverWallets, walletMemory, type FoundWallet } from '../wallet/discovery.ts'
import { Context, type WatchContext } from './context.ts'
import { initialState, type WatchState } from './model/state.ts'
import type { Watch } from './model/watch.ts'
import { WatchPage } from './WatchPage.tsx'
import './watch.css'

/** The wallet that was used before, if it is there again: it is taken up without a prompt. */
function onReturn(context: WatchContext): void {
  const known = memory.read(walletMemory)
  if (known === undefined) return
  let taken = false
  const look = (): void => {
    const found: FoundWallet | undefined = context.wallets.get().find(({ info }) => info.rdns === known)
    if (found === undefined || taken) return
    taken = true
    void context.model().then((watch) => watch.connect(found, 'silent'))
  }
  look()
  context.wallets.subscribe(look)
}

/** What is sold; of a payee that does not answer, what it sold when this browser last opened a channel there. */
async function offerOf({ payee }: PageConfig): Promise<Offer> {
  try {
    return (await fetchOffer(payee, (url) => fetch(url))).offer
  } catch (error) {
    const records = await createIndexedDbStore().list()
    const { host } = new URL(payee)
    const known = records.find(({ url, closed }) => !closed && new URL(url).host === host)
    if (known === undefined) throw error
    return known.offer
  }
}

async function make(config: PageConfig) {
  const offer = await offerOf(config)
  const state = createStore<WatchState>(initialState)
  const guard = createGuard({ memory, clock, name: `${String(config.chainId)}.${config.token.address}` })
  const lock = createTabLock(`sluice:${config.payee}`)
  const questions = announceDemoWallets(config)
  const video = Promise.withResolvers<HTMLVideoElement>()
  let loading: Promise<Watch> | undefined
  const context: WatchContext = {
    config,
    offer,
    state,
    guard,
    wallets: discoverWallets(),
    model: () => {
      // Wallets, the chain and the session weigh more than all the rest; who only looks at the price needs none of it.
      loading ??= Promise.all([import('./model/watch.ts'), video.promise]).then(
        ([{ createWatch }, element]) => createWatch({ state, config, video: element, guard, lock, memory }),
      )
      return loading
    },
  }
  onReturn(context)
  return (
    <Context value={context}>
      <WatchPage questions={questions} onVideo={video.resolve} />
    </Context>
  )
}

start(make)
