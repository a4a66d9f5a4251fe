// Runs in a page: counts the frames that its player shows from now on.
{
  const video = document.querySelector('video')
  const seen = { frames: 0, lastAt: performance.now() }
  const count = () => {
    seen.frames += 1
    seen.lastAt = performance.now()
    video.requestVideoFrameCallback(count)
  }
  video.requestVideoFrameCallback(count)
  window.seen = seen
  // The colours of the picture as eight rows of eight, from its upper left.
  window.colours = () => {
    const canvas = new OffscreenCanvas(8, 8)
    const context = canvas.getContext('2d')
    context.drawImage(video, 0, 0, 8, 8)
    const { data } = context.getImageData(0, 0, 8, 8)
    return Array.from({ length: 64 }, (_, place) => [...data.slice(4 * place, 4 * place + 3)])
  }
}
