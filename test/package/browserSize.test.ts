import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { build, type Metafile } from 'esbuild'

const root = path.resolve(import.meta.dirname, '../..')

/** What a paying viewer downloads at most, minified and gzipped, without viem and WebAssembly. */
const budget = 25_000

/** WebAssembly in the form of base64 text: every module begins with the bytes "\0asm". */
const webAssembly = /(["'`])AGFzbQ[A-Za-z0-9+/=]*\1/g

/** Bundles a program for browsers as a dApp's bundler would. */
async function bundle(program: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: path.join(root, 'server'), loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    external: ['viem', 'viem/*'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const text = outputFiles.map((file) => file.text).join('\n')
  const code = text.replace(webAssembly, '""')
  return {
    gzipped: gzipSync(code, { level: 9 }).length,
    modules: text.match(webAssembly)?.length ?? 0,
    largest: largest(metafile),
  }
}

/** The files that weigh most, for whoever has to make room. */
function largest(metafile: Metafile): string {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
  return inputs
    .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 15)
    .map(([file, { bytesInOutput }]) => `${bytesInOutput} ${path.relative(root, file)}`)
    .join('\n')
}

describe('what a browser downloads', function () {
  this.timeout(60_000)

  it(`a viewer that opens, signs, streams and stops over a WebSocket: at most ${budget} bytes`, async () => {
    const { gzipped, modules, largest } = await bundle(`
      import { createSluice } from '@sluice/sdk'
      globalThis.watch = async (wallet, video) => {
        const sluice = createSluice({ wallet })
        const stream = await sluice.open({ payee: 'https://live.example/alice', budget: '5.00' })
        stream.on('meter', console.log)
        stream.follow(video)
        await stream.tip('0.50', 'gg!')
        return await stream.stop()
      }
    `)
    expect(gzipped, `minified, in bytes before compression:\n${largest}\n`).to.be.at.most(budget)
    // Fewer would mean that the portable fast path is not in there at all; more, that something crept in.
    expect(modules).to.equal(2)
  })

  it('what is not used does not come along', async () => {
    const { gzipped, modules, largest } = await bundle(`
      import { formatAmount } from '@sluice/sdk'
      console.log(formatAmount(5n, 6))
    `)
    expect(gzipped, `minified, in bytes before compression:\n${largest}\n`).to.be.at.most(1_500)
    expect(modules).to.equal(0)
  })
})
