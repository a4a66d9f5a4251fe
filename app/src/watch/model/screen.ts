/** The player, as the model uses it. */
export type VideoScreen = {
  readonly play: () => void
  readonly pause: () => void
}

/**
 * Holds a player to what the person wants: it plays on when its picture comes by another connection, and stands still
 * while nobody can see it.
 *
 * @param video the element
 * @param onPlaying told whether it is to play
 */
export function createScreen(video: HTMLVideoElement, onPlaying: (playing: boolean) => void): VideoScreen {
  let wanted = false

  function want(playing: boolean): void {
    wanted = playing
    onPlaying(playing)
    adjust()
  }

  function adjust(): void {
    const plays = wanted && !document.hidden
    if (!plays) video.pause()
    else if (video.paused) {
      video.play().catch((error: unknown) => {
        // Browsers start a picture with sound only after a click; the person can. Anything else passes: another picture
        // came, or it was paused again.
        if (error instanceof DOMException && error.name === 'NotAllowedError') want(false)
      })
    }
  }

  // A picture that is replaced stands still, whatever it did before.
  video.addEventListener('emptied', adjust)
  video.addEventListener('loadedmetadata', adjust)
  document.addEventListener('visibilitychange', adjust)
  return { play: () => want(true), pause: () => want(false) }
}
