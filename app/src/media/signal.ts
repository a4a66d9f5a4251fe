/** A drawing of numbers between 0 and 1 as they come, as media. */
export type Signal = {
  readonly media: MediaStream
  readonly push: (level: number) => void
  readonly stop: () => void
}

const width = 1280
const height = 720

/** How many numbers are seen at once. */
const shown = 120

/** Draws a line that flows from right to left, a step for each number. */
export function createSignal(): Signal {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser does not draw')
  const levels: number[] = Array.from({ length: shown }, () => 0)
  draw(context, levels)
  const media = canvas.captureStream()
  return {
    media,
    push: (level) => {
      levels.push(level)
      levels.shift()
      draw(context, levels)
    },
    stop: () => {
      for (const track of media.getTracks()) track.stop()
    },
  }
}

function draw(context: CanvasRenderingContext2D, levels: readonly number[]): void {
  const ground = context.createLinearGradient(0, 0, 0, height)
  ground.addColorStop(0, '#0b2a2f')
  ground.addColorStop(1, '#0d4f55')
  context.fillStyle = ground
  context.fillRect(0, 0, width, height)
  for (const [depth, alpha] of [
    [90, 0.18],
    [45, 0.3],
    [0, 0.85],
  ] as const) {
    context.fillStyle = `rgba(127, 214, 203, ${String(alpha)})`
    context.beginPath()
    context.moveTo(0, height)
    for (const [index, level] of levels.entries()) {
      const x = (index / (shown - 1)) * width
      context.lineTo(x, height * 0.82 - level * height * 0.6 - depth)
    }
    context.lineTo(width, height)
    context.fill()
  }
}
