import type { Browser } from 'playwright-core'
import { startBrowser } from './chromium.ts'
import { startPagesWorld, type PagesWorld } from './world.ts'

/** A world and a browser for the tests of one `describe`. */
export type Pages<World> = { readonly world: () => World; readonly browser: () => Browser }

/** What starting both takes at most on a busy machine, milliseconds. */
const startMs = 300_000

/**
 * Starts a world and a browser before the tests of this `describe`, and ends whatever of them was started.
 *
 * @param options of the world
 */
export function usePages(options: Parameters<typeof startPagesWorld>[0] = {}): Pages<PagesWorld> {
  return useWorld(() => startPagesWorld(options))
}

/** The same with a world of one's own. */
export function useWorld<World extends { readonly stop: () => Promise<void> }>(
  startWorld: () => Promise<World>,
): Pages<World> {
  const opened = new AsyncDisposableStack()
  let world: World | undefined
  let browser: Browser | undefined

  before(async function () {
    this.timeout(startMs)
    world = await startWorld()
    opened.defer(world.stop)
    browser = await startBrowser()
    opened.defer(() => browser?.close())
  })
  after(() => opened.disposeAsync())

  return { world: () => started(world), browser: () => started(browser) }
}

function started<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('the pages have not been started')
  return part
}
