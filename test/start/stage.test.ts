import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { patienceMs } from '../browser/support/patience.ts'

const root = path.resolve(import.meta.dirname, '../..')
const main = path.join(root, 'scripts/start/main.ts')

describe('the stage of npm start', function () {
  this.timeout(300_000)

  it('goes through the main journey in a real browser, and every balance is exact', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [main, '--check'], { cwd: root })
    expect(stdout).to.contain('Watching the test card')
    expect(stdout).to.contain('Every balance is exact.')
  })

  it('runs until it is interrupted: says where the pages are, and has a picture on', async () => {
    const stage = spawn(process.execPath, [main, '--stage'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const page = await addressOf(createInterface(stage.stdout), '/watch/')
      expect((await fetch(page)).status).to.equal(200)
      await becomesLive(new URL('/stage/status', page))
      stage.kill('SIGINT')
      expect(await once(stage, 'exit')).to.deep.equal([0, null])
      expect(await fetch(page).catch(() => 'gone')).to.equal('gone')
    } finally {
      stage.kill('SIGKILL')
    }
  })
})

async function becomesLive(status: URL): Promise<void> {
  const giveUpMs = performance.now() + patienceMs
  while (performance.now() < giveUpMs) {
    const { live } = (await (await fetch(status)).json()) as { readonly live: boolean }
    if (live) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no picture came on in ${String(patienceMs)} ms`)
}

/** The first address among the lines that ends with `ending`. */
async function addressOf(lines: AsyncIterable<string>, ending: string): Promise<string> {
  for await (const line of lines) {
    const found = line.split(/\s+/).find((word) => word.startsWith('http://') && word.endsWith(ending))
    if (found !== undefined) return found
  }
  throw new Error(`it ended without an address that ends with ${ending}`)
}
