import { clock, every } from '../edge/browser.ts'

const width = 1280
const height = 720
const frameMs = 40
/** A quiet A. */
const tone = { hertz: 440, volume: 0.04 }

/** A picture that moves and a tone, for trying a stream without a camera. */
export function createTestCard(title: string): { readonly stream: MediaStream; readonly stop: () => void } {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser does not draw')
  const startedAtMs = clock.now()
  const paint = (): void => {
    draw(context, title, clock.now() - startedAtMs)
  }
  paint()
  const stopPainting = every(frameMs, paint)
  const stream = canvas.captureStream(1000 / frameMs)
  const audio = new AudioContext()
  const oscillator = new OscillatorNode(audio, { frequency: tone.hertz })
  const output = audio.createMediaStreamDestination()
  oscillator.connect(new GainNode(audio, { gain: tone.volume })).connect(output)
  oscillator.start()
  for (const track of output.stream.getAudioTracks()) stream.addTrack(track)
  return {
    stream,
    stop: () => {
      stopPainting()
      oscillator.stop()
      void audio.close()
      for (const track of stream.getTracks()) track.stop()
    },
  }
}

/** Water that rises and falls between two posts, a name, and the time since the beginning. */
function draw(context: CanvasRenderingContext2D, title: string, elapsedMs: number): void {
  const seconds = elapsedMs / 1000
  const ground = context.createLinearGradient(0, 0, 0, height)
  ground.addColorStop(0, '#0b2a2f')
  ground.addColorStop(1, '#0d4f55')
  context.fillStyle = ground
  context.fillRect(0, 0, width, height)
  const level = height * (0.62 + 0.12 * Math.sin(seconds / 2))
  context.fillStyle = '#2b8a86'
  context.beginPath()
  context.moveTo(0, height)
  for (let x = 0; x <= width; x += 20) context.lineTo(x, level + 12 * Math.sin(x / 70 + seconds * 2))
  context.lineTo(width, height)
  context.fill()
  context.fillStyle = '#f4f0e6'
  context.fillRect(width * 0.12, height * 0.16, 14, height * 0.68)
  context.fillRect(width * 0.88 - 14, height * 0.16, 14, height * 0.68)
  context.textAlign = 'center'
  context.font = '600 64px Palatino, Georgia, serif'
  context.fillText(title, width / 2, height * 0.34, width * 0.7)
  context.font = '500 40px system-ui, sans-serif'
  context.fillText(seconds.toFixed(1), width / 2, height * 0.46)
}
