/** The player, as the model uses it. */
export type VideoScreen = {
  readonly video: HTMLVideoElement
  readonly play: () => void
  readonly pause: () => void
  /** Ends what was set up. */
  readonly dispose: () => void
}

/**
 * Watches a player: says whether it runs, and stops it while nobody can see it.
 *
 * @param video the element
 * @param onPlaying told whether it runs
 */
export function createScreen(video: HTMLVideoElement, onPlaying: (playing: boolean) => void): VideoScreen {
  /** Whether it stands still only because the tab is hidden. */
  let hidden = false

  function play(): void {
    void video.play().catch(() => {
      // Browsers start a picture with sound only after a click; the person can.
      onPlaying(false)
    })
  }

  function visibility(): void {
    if (document.hidden && !video.paused) {
      hidden = true
      video.pause()
    } else if (!document.hidden && hidden) {
      hidden = false
      play()
    }
  }

  const listeners = {
    playing: () => onPlaying(true),
    pause: () => onPlaying(false),
    waiting: () => onPlaying(false),
    ended: () => onPlaying(false),
  }
  for (const [type, listener] of Object.entries(listeners)) video.addEventListener(type, listener)
  document.addEventListener('visibilitychange', visibility)
  return {
    video,
    play,
    pause: () => {
      hidden = false
      video.pause()
    },
    dispose: () => {
      for (const [type, listener] of Object.entries(listeners)) video.removeEventListener(type, listener)
      document.removeEventListener('visibilitychange', visibility)
    },
  }
}
