/**
 * Draws what `npm start` prints as an SVG for the README: `node scripts/picture.ts` runs the tour of the channels
 * and writes docs/tour.svg.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const lineHeight = 18
const charWidth = 7.8
const padding = 20

async function runTour(): Promise<readonly string[]> {
  const tour = spawn(process.execPath, [path.join(root, 'scripts/start/main.ts'), '--only', 'channels'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  tour.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const [code] = (await once(tour, 'close')) as [number]
  if (code !== 0) throw new Error(`the tour ended with ${String(code)}`)
  return text.replace(/^\n+/, '').trimEnd().split('\n')
}

/** Titles bright, checks green, the rest quiet. */
function colourOf(line: string): string {
  if (/^\s*[\d.]+ s {2}\d+\./.test(line)) return '#f4f4f0'
  if (/^\s+ok /.test(line) || line.startsWith('Every balance')) return '#7fd4a8'
  if (line.includes(' · ')) return '#e8c26a'
  return '#9aa7b0'
}

function draw(lines: readonly string[]): string {
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * charWidth + padding * 2)
  const height = lines.length * lineHeight + padding * 2
  const rows = lines.map((line, index) => {
    const y = padding + (index + 0.8) * lineHeight
    return `<text x="${String(padding)}" y="${y.toFixed(1)}" fill="${colourOf(line)}" xml:space="preserve">${escape(line)}</text>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="What npm start prints" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">`,
    `<rect width="100%" height="100%" rx="10" fill="#15202b"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

writeFileSync(path.join(root, 'docs/tour.svg'), draw(await runTour()))
