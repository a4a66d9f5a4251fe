import { publishStage, type Publication } from '@sluice/sdk/stage'
import { createTestCard } from '../../media/testCard.ts'
import type { Source, StudioState } from './state.ts'

/** Sends a picture from this page. */
export type Broadcast = {
  readonly start: (source: Source, key: string) => Promise<void>
  readonly stop: () => Promise<void>
}

type Media = { readonly stream: MediaStream; readonly stop: () => void }

/**
 * @param screen shows what is sent, without its sound
 * @param onState told how the connection stands; undefined: nothing is sent
 * @param title is written on the test card
 */
export function createBroadcast(
  screen: HTMLVideoElement,
  title: () => string,
  onState: (state: StudioState['sending']) => void,
): Broadcast {
  let current: { readonly media: Media; readonly publication: Publication } | undefined

  async function stop(): Promise<void> {
    const ending = current
    current = undefined
    screen.srcObject = null
    onState(undefined)
    ending?.media.stop()
    await ending?.publication.close()
  }

  return {
    stop,
    async start(source, key) {
      await stop()
      const media = await open(source, title())
      try {
        const publication = await publishStage({
          url: new URL('/stage/whip', location.href).href,
          key,
          media: media.stream,
          onState: (state) => {
            if (current?.media === media || current === undefined) onState({ source, state })
            if (state === 'failed' || state === 'closed') void stop()
          },
        })
        current = { media, publication }
      } catch (error) {
        media.stop()
        onState(undefined)
        throw error
      }
      screen.srcObject = media.stream
      // The person ended it in the browser's own bar.
      for (const track of media.stream.getVideoTracks()) track.addEventListener('ended', () => void stop())
      await screen.play().catch(() => undefined)
    },
  }
}

async function open(source: Source, title: string): Promise<Media> {
  if (source === 'card') return createTestCard(title)
  const stream =
    source === 'camera'
      ? await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 }, audio: true })
      : await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true })
  return {
    stream,
    stop: () => {
      for (const track of stream.getTracks()) track.stop()
    },
  }
}
