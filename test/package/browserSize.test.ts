import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { build, type Metafile } from 'esbuild'

const root = path.resolve(import.meta.dirname, '../..')

/** What the page of a paying viewer loads at first, minified and gzipped, without viem and WebAssembly. */
const entryBudget = 25_000

/** What may come later, each part when it is needed: a way of paying by signature, a batch, the end, a revert. */
const laterBudget = 3_000

/** WebAssembly in the form of base64 text: every module begins with the bytes "\0asm". */
const webAssembly = /(["'`])AGFzbQ[A-Za-z0-9+/=]*\1/

type Part = { readonly file: string; readonly gzipped: number; readonly webAssembly: boolean }

type Bundle = {
  /** Bytes of everything that loads at once. */
  readonly entry: number
  /** What loads on demand. */
  readonly later: readonly Part[]
  /** The files that weigh most at once, for whoever has to make room. */
  readonly largest: string
}

/** Bundles a program for browsers as a dApp's bundler would, in one file or in parts that load on demand. */
async function bundle(program: string, splitting: boolean): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: path.join(root, 'server'), loader: 'ts' },
    bundle: true,
    minify: true,
    splitting,
    outdir: 'out',
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    external: ['viem', 'viem/*'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const texts = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]))
  const textOf = (file: string) => texts.get(path.basename(file)) ?? ''
  const first = loadedAtOnce(metafile)
  const entry = gzipSync([...first].map(textOf).join('\n'), { level: 9 }).length
  const later = Object.keys(metafile.outputs)
    .filter((file) => !first.has(file))
    .map((file) => {
      const text = textOf(file)
      return { file, gzipped: gzipSync(text, { level: 9 }).length, webAssembly: webAssembly.test(text) }
    })
  return { entry, later, largest: largest(metafile, first) }
}

/** The entry and whatever it imports before it runs. */
function loadedAtOnce({ outputs }: Metafile): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    for (const { path: target, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) visit(target)
    }
  }
  visit('out/stdin.js')
  return found
}

function largest({ outputs }: Metafile, files: ReadonlySet<string>): string {
  return [...files]
    .flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}))
    .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 15)
    .map(([file, { bytesInOutput }]) => `${bytesInOutput} ${path.relative(root, file)}`)
    .join('\n')
}

describe('what a browser downloads', function () {
  this.timeout(60_000)

  it(`a viewer that opens, signs and streams over a WebSocket: at most ${entryBudget} bytes at first`, async () => {
    const { entry, later, largest } = await bundle(
      `
      import { createSluice } from '@sluice/sdk'
      globalThis.watch = async (wallet, video) => {
        const sluice = createSluice({ wallet })
        const stream = await sluice.open({ payee: 'https://live.example/alice', budget: '5.00' })
        stream.on('meter', console.log)
        stream.follow(video)
        await stream.tip('0.50', 'gg!')
        return await stream.stop()
      }
    `,
      true,
    )
    expect(entry, `minified, in bytes before compression:\n${largest}\n`).to.be.at.most(entryBudget)
    // Fewer would mean that the portable fast path is not in there at all; more, that something crept in.
    expect(later.filter((part) => part.webAssembly)).to.have.length(2)
    for (const { file, gzipped } of later.filter((part) => !part.webAssembly)) {
      expect(gzipped, file).to.be.at.most(laterBudget)
    }
  })

  it('what is not used does not come along', async () => {
    const { entry, later, largest } = await bundle(
      `
      import { formatAmount } from '@sluice/sdk'
      console.log(formatAmount(5n, 6))
    `,
      false,
    )
    expect(entry, `minified, in bytes before compression:\n${largest}\n`).to.be.at.most(1_500)
    expect(later).to.deep.equal([])
  })
})
