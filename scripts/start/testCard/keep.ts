import { publishTestCard, type PublishTestCardParameters, type TestCard } from './publish.ts'

/** How often it is asked whether somebody publishes, milliseconds. */
const askMs = 1_000

/**
 * Shows the test card on a stage whenever nobody else publishes there.
 *
 * @param parameters the payee's origin, and its stream key
 * @returns ends it
 */
export function keepTestCard({ origin, key }: { readonly origin: string; readonly key: string }): {
  readonly stop: () => Promise<void>
} {
  const parameters: PublishTestCardParameters = { url: `${origin}/stage/whip`, key }
  let current: TestCard | undefined
  let stopped = false

  async function isLive(): Promise<boolean> {
    const response = await fetch(`${origin}/stage/status`)
    const status: unknown = await response.json()
    return typeof status === 'object' && status !== null && 'live' in status && status.live === true
  }

  async function keep(): Promise<void> {
    while (!stopped) {
      // A stage that does not answer is asked again: it may be starting.
      if (!(await isLive().catch(() => true))) {
        current = await publishTestCard(parameters).catch(() => undefined)
        await current?.ended
        await current?.stop()
      }
      await new Promise((resolve) => setTimeout(resolve, askMs))
    }
  }

  const kept = keep()
  return {
    stop: async () => {
      stopped = true
      await current?.stop()
      await kept
    },
  }
}
