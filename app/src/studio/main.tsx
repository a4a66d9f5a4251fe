import type { PageConfig } from '../config/config.ts'
import { tabMemory } from '../edge/browser.ts'
import { createStore } from '../store.ts'
import { start } from '../ui/start.tsx'
import { announceDemoWallets } from '../wallet/demo/announce.ts'
import { discoverWallets } from '../wallet/discovery.ts'
import { Context, type StudioContext } from './context.ts'
import { initialState, type StudioState } from './model/state.ts'
import type { Studio } from './model/studio.ts'
import { StudioPage } from './StudioPage.tsx'
import './studio.css'

function make(config: PageConfig) {
  const state = createStore<StudioState>(initialState)
  const questions = announceDemoWallets(config)
  const screen = Promise.withResolvers<HTMLVideoElement>()
  let loading: Promise<Studio> | undefined
  const context: StudioContext = {
    config,
    state,
    wallets: discoverWallets(),
    model: () => {
      loading ??= Promise.all([import('./model/studio.ts'), screen.promise]).then(
        ([{ createStudio }, element]) => createStudio({ state, config, screen: element, memory: tabMemory }),
      )
      return loading
    },
  }
  void context.model().then((studio) => studio.resume())
  return Promise.resolve(
    <Context value={context}>
      <StudioPage questions={questions} onScreen={screen.resolve} />
    </Context>,
  )
}

start(make)
