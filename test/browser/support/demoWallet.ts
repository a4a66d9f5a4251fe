import { errors, type Locator } from 'playwright-core'
import { patienceMs } from './patience.ts'

/** One try to press a button that may be gone by then, milliseconds. */
const tryMs = 1_000

/**
 * Presses a button whenever it is there, until something else is seen. A button that goes away while it is pressed was
 * pressed, or is not needed any more.
 *
 * @param button such as the demo wallet's, which asks once or twice
 * @param done what is seen at the end
 */
export async function pressUntil(button: Locator, done: Locator): Promise<void> {
  const giveUpMs = performance.now() + patienceMs
  while (!(await done.isVisible())) {
    if (performance.now() > giveUpMs) throw new Error(`not seen in ${String(patienceMs)} ms: ${String(done)}`)
    await button.click({ timeout: tryMs }).catch((error: unknown) => {
      if (!(error instanceof errors.TimeoutError)) throw error
    })
  }
}
