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
  // The colours of the bars of the test card, from left to right; undefined when the picture has another size.
  window.barColours = () => {
    if (video.videoWidth !== 640) return undefined
    const canvas = new OffscreenCanvas(8, 8)
    const context = canvas.getContext('2d')
    context.drawImage(video, 0, 0, 8, 8)
    return Array.from({ length: 8 }, (_, bar) => [...context.getImageData(bar, 0, 1, 1).data.slice(0, 3)])
  }
}
