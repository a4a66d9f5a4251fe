/**
 * Draws and encodes the test card anew: `node scripts/start/testCard/record.ts` writes picture.ivf (VP8) and sound.ivf
 * (Opus, in the same container) beside it. It needs a Chromium; whoever only shows the test card does not.
 */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { startBrowser } from '../../../test/browser/support/chromium.ts'
import { writeIvf, type IvfFrame } from './ivf.ts'

type Recorded = { readonly timestamp: number; readonly bytes: string }
type Recording = {
  readonly width: number
  readonly height: number
  readonly picture: readonly Recorded[]
  readonly sound: readonly Recorded[]
}

const here = import.meta.dirname

/** Browsers encode only on pages that came over a network. */
const server = createServer((socket) => {
  socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<!doctype html>')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
const browser = await startBrowser()
try {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${String(port)}/`)
  await page.addScriptTag({ path: path.join(here, 'draw.js') })
  const recording = await page.evaluate<Recording>('recordTestCard()')
  const { width, height, picture, sound } = recording
  const frames = (recorded: readonly Recorded[]): readonly IvfFrame[] =>
    recorded.map(({ timestamp, bytes }) => ({ timestamp, bytes: Buffer.from(bytes, 'base64') }))
  writeFileSync(path.join(here, 'picture.ivf'), writeIvf({ codec: 'VP80', width, height }, frames(picture)))
  writeFileSync(path.join(here, 'sound.ivf'), writeIvf({ codec: 'Opus', width: 0, height: 0 }, frames(sound)))
} finally {
  await browser.close()
  server.close()
}
