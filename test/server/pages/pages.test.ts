import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { expect } from 'chai'
import { Hono } from 'hono'
import { servePages, type PagesPayee } from '@sluice/server'

const script = `export const text = '${'a page of Sluice '.repeat(200)}'\n`
const token = '0x00000000000000000000000000000000000000aa'

function payeeOn(chainId: number): PagesPayee {
  return { offer: { chainId, token, symbol: 'USDC', decimals: 6 } }
}

const settings = { chainName: 'the local chain', rpcUrl: 'http://127.0.0.1:8545', tokenPriceUsd: '1.00' }

describe('the pages that a payee serves', function () {
  this.timeout(60_000)
  let home: string
  let server: Server
  let url: string

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'sluice-pages-'))
    const folder = path.join(home, 'dist')
    await mkdir(path.join(folder, 'watch'), { recursive: true })
    await mkdir(path.join(folder, 'assets'))
    await writeFile(path.join(home, 'secret.txt'), 'not for everyone')
    await writeFile(path.join(folder, 'watch/index.html'), '<!doctype html><title>Sluice</title>')
    await writeFile(path.join(folder, 'assets/watch-1a2b.js'), script)
    await writeFile(path.join(folder, 'mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await writeFile(path.join(folder, '.hidden.txt'), 'not for everyone')
    await symlink(path.join(home, 'secret.txt'), path.join(folder, 'link.txt'))
    const app = new Hono()
    app.route('/', await servePages({ payee: payeeOn(31337), folder, ...settings }))
    app.notFound((c) => c.text('the payee itself', 404))
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
    server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  })
  after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(home, { recursive: true, force: true })
  })

  const get = (at: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url + at, { headers, redirect: 'manual' })

  /** Asks for exactly this path, which `fetch` would tidy up. */
  function statusOf(exact: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { path: exact }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject).end()
    })
  }

  it('are held to scripts of their own, the payee and the chain, and may stand in no frame', async () => {
    const response = await get('/watch/?lang=de')
    expect(response.status).to.equal(200)
    expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).to.equal('no-cache')
    expect(response.headers.get('x-content-type-options')).to.equal('nosniff')
    const policy = response.headers.get('content-security-policy')?.split('; ') ?? []
    expect(policy).to.include.members([
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      `connect-src 'self' ${url} ${url.replace('http', 'ws')} http://127.0.0.1:8545`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(policy.join()).not.to.match(/unsafe-inline|'unsafe-eval'|\*/)
  })

  it('tell what they need to know, at the origin that was asked, and nobody keeps it', async () => {
    const response = await get('/stage/config.json')
    expect(response.headers.get('cache-control')).to.equal('no-store')
    expect(await response.json()).to.deep.equal({
      chainId: 31337,
      chainName: 'the local chain',
      rpcUrl: 'http://127.0.0.1:8545',
      payee: url,
      token: { address: token, symbol: 'USDC', decimals: 6 },
      stage: false,
      tokenPriceUsd: '1.00',
    })
  })

  it('are kept by browsers for ever where the name is made of the content, and packed on the way', async () => {
    const response = await get('/assets/watch-1a2b.js')
    expect(response.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).to.match(/^text\/javascript/)
    expect(response.headers.get('content-encoding')).to.equal('gzip')
    expect(await response.text()).to.equal(script)
    const plain = await get('/assets/watch-1a2b.js', { 'Accept-Encoding': 'identity' })
    expect(plain.headers.get('content-encoding')).to.equal(null)
    expect(await plain.text()).to.equal(script)
    const etag = response.headers.get('etag') ?? ''
    const again = await get('/assets/watch-1a2b.js', { 'If-None-Match': etag })
    expect([again.status, await again.text()]).to.deep.equal([304, ''])
    expect((await get('/mark.svg')).headers.get('content-type')).to.match(/^image\/svg\+xml/)
  })

  it('are all that is served: no hidden file, no link, nothing above the folder', async () => {
    const paths = [
      '/.hidden.txt',
      '/link.txt',
      '/../secret.txt',
      '/watch/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '//secret.txt',
      '/assets/',
      '/watch/index.html',
    ]
    expect(await Promise.all(paths.map(statusOf))).to.deep.equal(paths.map(() => 404))
    expect(await (await get('/healthz')).text()).to.equal('the payee itself')
  })

  it('are found without the last stroke, and the first of them without a name', async () => {
    const [named, bare] = await Promise.all([get('/watch?lang=de'), get('/')])
    expect(named.headers.get('location')).to.equal('/watch/?lang=de')
    expect(bare.headers.get('location')).to.equal('/watch/')
  })

  it('are refused without their folder, and with demo wallets where money is worth something', async () => {
    const refusal = (parameters: Parameters<typeof servePages>[0]): Promise<unknown> =>
      servePages(parameters).then(
        () => 'served',
        (error: unknown) => (error as Error).message,
      )
    const folder = path.join(home, 'dist')
    expect(
      await refusal({ payee: payeeOn(8453), folder: path.join(home, 'nowhere'), ...settings }),
    ).to.contain('cannot be read')
    const demoKeys = [`0x${'1'.repeat(64)}`] as const
    expect(await refusal({ payee: payeeOn(8453), folder, ...settings, demoKeys })).to.contain('Demo wallets')
    expect(await refusal({ payee: payeeOn(31337), folder, ...settings, demoKeys })).to.equal('served')
  })
})
