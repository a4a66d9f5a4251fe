import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

const root = path.resolve(import.meta.dirname, '../..')

/** A forbidden import, and the rule that must catch it. */
const forbidden = [
  { from: 'sdk/src/abi/streamChannels.ts', to: '../types.js', rule: 'generated-imports-nothing' },
  { from: 'sdk/src/types.ts', to: './crypto/digests.js', rule: 'layer-types' },
  { from: 'sdk/src/crypto/digests.ts', to: '../channel/deposit.js', rule: 'layer-crypto' },
  { from: 'sdk/src/chain/transact.ts', to: '../payment/pay.js', rule: 'layer-chain' },
  { from: 'sdk/src/payment/pay.ts', to: '../channel/deposit.js', rule: 'layer-payment' },
  { from: 'sdk/src/channel/deposit.ts', to: '../session/step.js', rule: 'layer-channel' },
  { from: 'sdk/src/channel/deposit.ts', to: '../escrow/hold.js', rule: 'feature-channel' },
  { from: 'sdk/src/session/step.ts', to: '../transport/webSocket.js', rule: 'layer-session' },
  { from: 'sdk/src/transport/webSocket.ts', to: '../client.js', rule: 'layer-transport' },
  { from: 'sdk/src/client.ts', to: './ethers/account.js', rule: 'leaf-ethers' },
  { from: 'sdk/src/client.ts', to: './react/useChannel.js', rule: 'leaf-react' },
  { from: 'sdk/src/client.ts', to: 'react', rule: 'react-in-react-only' },
  { from: 'sdk/src/viewer/stream.ts', to: 'wagmi', rule: 'react-in-react-only' },
  { from: 'sdk/src/client.ts', to: './index.js', rule: 'no-entry-point-from-inside' },
  { from: 'sdk/src/client.ts', to: 'node:fs', rule: 'sdk-is-for-browsers' },
  { from: 'sdk/src/client.ts', to: '../../server/src/serve.js', rule: 'sdk-knows-no-server' },
  { from: 'sdk/src/client.ts', to: 'mocha', rule: 'declared-dependencies-only' },
  { from: 'sdk/src/client.ts', to: './missing.js', rule: 'resolvable' },
  { from: 'sdk/src/escrow/hold.ts', to: './release.js', rule: 'no-circular' },
  { from: 'server/src/serve.ts', to: '../../sdk/src/client.js', rule: 'server-uses-public-entry-points' },
  { from: 'server/src/serve.ts', to: '../../test/support.js', rule: 'production-knows-no-workshop' },
]

/** The other half of a circle, which is reported once. */
const given = [{ from: 'sdk/src/escrow/release.ts', to: './hold.js' }]

/** Imports the design allows. */
const allowed = [
  { from: 'sdk/src/index.ts', to: './client.js' },
  { from: 'sdk/src/session/state.ts', to: '../crypto/secp256k1.js' },
  { from: 'sdk/src/store/memory.ts', to: '../session/state.js' },
  { from: 'sdk/src/node/files.ts', to: 'node:fs' },
  { from: 'sdk/src/react/useChannel.ts', to: 'wagmi' },
  { from: 'server/src/feed.ts', to: 'node:fs' },
]

describe('the rules on who may import whom', function () {
  this.timeout(60_000)
  let directory: string
  let violations: string[]

  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'sluice-layers-'))
    const imports = new Map<string, string[]>()
    for (const { from, to } of [...forbidden, ...given, ...allowed]) {
      imports.set(from, [...(imports.get(from) ?? []), to])
      const target = path.join(path.dirname(from), to).replace(/\.js$/, '.ts')
      if (to.startsWith('.') && !to.includes('missing') && !imports.has(target)) imports.set(target, [])
    }
    for (const [file, targets] of imports) {
      mkdirSync(path.join(directory, path.dirname(file)), { recursive: true })
      const lines = targets.map((target) => `import '${target}'\n`)
      writeFileSync(path.join(directory, file), `${lines.join('')}export const here = '${file}'\n`)
    }
    for (const file of [
      'package.json',
      'sdk/package.json',
      'server/package.json',
      'tsconfig.base.json',
      '.dependency-cruiser.cjs',
    ]) {
      cpSync(path.join(root, file), path.join(directory, file))
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'))
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'sdk/src', 'server/src'],
      ],
      { cwd: directory, encoding: 'utf8', maxBuffer: 1e8 },
    )
    expect(stderr).to.equal('')
    const report = JSON.parse(stdout) as {
      summary: { violations: { from: string; to: string; rule: { name: string } }[] }
    }
    violations = report.summary.violations.map(({ from, rule }) => `${from} ${rule.name}`)
  })

  after(() => {
    rmSync(directory, { recursive: true })
  })

  for (const { from, to, rule } of forbidden) {
    it(`${from} must not import ${to} (${rule})`, () => {
      expect(violations).to.include(`${from} ${rule}`)
    })
  }

  for (const { from, to } of allowed) {
    it(`${from} may import ${to}`, () => {
      expect(violations.filter((violation) => violation.startsWith(`${from} `))).to.deep.equal([])
    })
  }
})
