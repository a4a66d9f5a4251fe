import { EventEmitter, once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import type { BrowserContext, Page } from 'playwright-core'
import type { Hex } from 'viem'
import { startBrowserWith } from './chromium.ts'
import { patienceMs } from './patience.ts'

const source = path.resolve(import.meta.dirname, '../extension')

/** A browser with a wallet extension, which asks the person in windows of its own. */
export type ExtensionBrowser = {
  readonly context: BrowserContext
  /** What each window asked that has opened so far, in order: a method. */
  readonly asked: readonly string[]
  /** Waits for the next window, and presses a button in it; `close` closes it without a word. */
  readonly decide: (decision: 'Approve' | 'Reject' | 'close') => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Starts a browser with the test extension.
 *
 * @param rpcUrl of the chain
 * @param key a public test key, which goes into the extension
 */
export async function startExtensionBrowser(rpcUrl: string, key: Hex): Promise<ExtensionBrowser> {
  await using parts = new AsyncDisposableStack()
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-extension-'))
  parts.defer(() => rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const extension = path.join(home, 'extension')
  await cp(source, extension, { recursive: true })
  await build({
    entryPoints: [path.join(source, 'worker.js')],
    outfile: path.join(extension, 'worker.js'),
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    define: { SETTINGS: JSON.stringify({ rpcUrl, key }) },
  })
  const context = await startBrowserWith(extension, path.join(home, 'profile'))
  parts.defer(() => context.close())
  context.setDefaultTimeout(patienceMs)
  if (context.serviceWorkers().length === 0) await started(context)

  const asked: string[] = []
  const undecided: Page[] = []
  const arrivals = new EventEmitter()
  const take = async (page: Page): Promise<void> => {
    await page.waitForURL(({ protocol }) => protocol !== 'about:')
    // Pages that are visited are not the extension's.
    if (!page.url().startsWith('chrome-extension:')) return
    asked.push((await page.locator('h1:not(:empty)').textContent()) ?? '')
    undecided.push(page)
    arrivals.emit('window')
  }
  context.on('page', (page) => {
    // A window that cannot be read stands in the list by its fault.
    take(page).catch((fault: unknown) => asked.push(String(fault)))
  })
  const all = parts.move()
  return {
    context,
    asked,
    decide: async (decision) => {
      if (undecided.length === 0) await once(arrivals, 'window', { signal: AbortSignal.timeout(patienceMs) })
      const page = undecided.shift()
      if (page === undefined) throw new Error('no window is open')
      const closed = page.waitForEvent('close')
      if (decision === 'close') await page.close()
      else await press(page, decision)
      await closed
    },
    stop: () => all.disposeAsync(),
  }
}

/** Waits until the extension runs; some browsers take none in. */
async function started(context: BrowserContext): Promise<void> {
  try {
    await context.waitForEvent('serviceworker')
  } catch (cause) {
    throw new Error(
      'The extension did not start. Google Chrome loads none that is named on its command line; Chromium does: ' +
        'SLUICE_CHROMIUM=/path/to/chromium npm test.',
      { cause },
    )
  }
}

async function press(page: Page, button: string): Promise<void> {
  await page
    .getByRole('button', { name: button })
    .click()
    .catch((fault: unknown) => {
      // The window may be gone before the click is told to be done.
      if (!page.isClosed()) throw fault
    })
}
