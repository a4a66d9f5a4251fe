import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../../../sdk/dist/node/index.js', import.meta.url))

/** What a program prints that runs where the compiled library has no binding. */
function withoutBinding(engine: string): string {
  const program = `
    const { loadNodeCrypto } = await import(${JSON.stringify(entry)})
    const load = loadNodeCrypto({ engine: ${JSON.stringify(engine)} })
    console.log(await load.then((crypto) => crypto.engine, (error) => error.code + ': ' + error.details))
  `
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    // Where the package looks for its binding: here, in vain.
    env: { ...process.env, SECP256K1_PREBUILD: tmpdir(), NODE_OPTIONS: '' },
  })
  expect(status, stderr).to.equal(0)
  return stdout.trim()
}

describe('sdk crypto in Node', () => {
  it('goes on with the portable engine, and says so, when the native binding is missing', () => {
    expect(withoutBinding('auto')).to.equal('portable')
    expect(withoutBinding('portable')).to.equal('portable')
  })

  it('fails with a named cause when the native engine was insisted on', () => {
    expect(withoutBinding('native')).to.equal(
      `internal: package secp256k1 has no binding for ${process.platform}-${process.arch}; engine 'auto' would go on without`,
    )
  })
})
