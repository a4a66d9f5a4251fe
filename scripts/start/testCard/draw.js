// Runs in a browser, started by record.ts: draws the test card, encodes it and returns the frames of picture and sound.

const width = 640
const height = 360
const framesPerSecond = 15
const seconds = 8
const sampleRate = 48_000

/** Bars, a wave that flows through a lock, and a hand that turns once in the loop, so that the loop has no seam. */
function draw(context, part) {
  const bars = ['#0b2a2f', '#14464b', '#1d6a6c', '#2f8f8a', '#7fd6cb', '#e8c26a', '#c9743a', '#7a3517']
  for (const [index, colour] of bars.entries()) {
    context.fillStyle = colour
    context.fillRect((index * width) / bars.length, 0, width / bars.length + 1, height)
  }
  context.fillStyle = '#0b2a2f'
  context.fillRect(0, height * 0.62, width, height * 0.38)
  context.fillStyle = '#7fd6cb'
  context.beginPath()
  context.moveTo(0, height)
  for (let x = 0; x <= width; x += 8) {
    context.lineTo(x, height * 0.8 + Math.sin((x / width) * 6 * Math.PI - part * 4 * Math.PI) * 14)
  }
  context.lineTo(width, height)
  context.fill()
  const [x, y, radius] = [width / 2, height * 0.36, 92]
  context.fillStyle = '#f4f1e8'
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
  context.strokeStyle = '#0b2a2f'
  context.lineWidth = 8
  context.lineCap = 'round'
  context.beginPath()
  context.moveTo(x, y)
  context.lineTo(
    x + Math.sin(part * 2 * Math.PI) * (radius - 18),
    y - Math.cos(part * 2 * Math.PI) * (radius - 18),
  )
  context.stroke()
  context.fillStyle = '#0b2a2f'
  context.font = '600 26px system-ui, sans-serif'
  context.textAlign = 'center'
  context.fillText('Sluice', x, y + 52)
  context.font = '600 20px system-ui, sans-serif'
  context.fillText('test card', x, height - 20)
}

function base64(bytes) {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function keep(frames) {
  return (chunk) => {
    const bytes = new Uint8Array(chunk.byteLength)
    chunk.copyTo(bytes)
    frames.push({ timestamp: chunk.timestamp, bytes: base64(bytes) })
  }
}

function fail(error) {
  throw error
}

/** Called by record.ts. */
window.recordTestCard = async () => {
  const picture = []
  const video = new VideoEncoder({ output: keep(picture), error: fail })
  video.configure({
    codec: 'vp8',
    width,
    height,
    bitrate: 180_000,
    framerate: framesPerSecond,
    latencyMode: 'quality',
  })
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  const count = framesPerSecond * seconds
  for (let index = 0; index < count; index += 1) {
    draw(context, index / count)
    const frame = new VideoFrame(canvas, { timestamp: Math.round((index * 1_000_000) / framesPerSecond) })
    // A picture that stands by itself twice a second: who begins to watch waits no longer.
    video.encode(frame, { keyFrame: index % Math.ceil(framesPerSecond / 2) === 0 })
    frame.close()
    if (index % 20 === 0) await video.flush()
  }
  await video.flush()

  const sound = []
  const audio = new AudioEncoder({ output: keep(sound), error: fail })
  audio.configure({ codec: 'opus', sampleRate, numberOfChannels: 2, bitrate: 32_000 })
  const block = sampleRate / 50
  for (let index = 0; index < 50 * seconds; index += 1) {
    const data = new Float32Array(block * 2)
    for (let sample = 0; sample < block; sample += 1) {
      const at = (index * block + sample) / sampleRate
      // A quiet chord that swells and falls back within two seconds; whole periods, so that the loop has no seam.
      const swell = Math.sin(Math.PI * (at % 2) * 0.5) ** 2
      const level = (Math.sin(at * 2 * Math.PI * 220) + Math.sin(at * 2 * Math.PI * 330)) * 0.06 * swell
      data[sample] = level
      data[block + sample] = level
    }
    const timestamp = Math.round((index * block * 1_000_000) / sampleRate)
    const format = { format: 'f32-planar', sampleRate, numberOfFrames: block, numberOfChannels: 2 }
    audio.encode(new AudioData({ ...format, timestamp, data }))
  }
  await audio.flush()
  return { width, height, picture, sound }
}
