import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Hono } from 'hono'
import { getMimeType } from 'hono/utils/mime'
import { readFolder, type FolderFile } from '../edge/folder.js'
import { describePages, type PagesPayee, type PageSettings } from './config.js'
import { pageHeaders, plainHeaders } from './headers.js'

export type ServePagesParameters = PageSettings & {
  readonly payee: PagesPayee
  /** The built pages, such as `app/dist`. */
  readonly folder: string
}

/** Where the pages ask what they need to know. */
const configPath = '/stage/config.json'
/** More than this is not a folder of pages, bytes. */
const mostBytes = 64 * 1_048_576
/** Shorter answers are not worth packing, bytes. */
const leastPacked = 1_024

type Served = {
  readonly type: string
  readonly etag: string
  readonly cache: string
  readonly isPage: boolean
  readonly bytes: Buffer
  /** Packed when first asked for. */
  packed?: Promise<Buffer>
}

/**
 * Serves the pages (watch, studio, overlay, tournament) and what they ask: `/stage/config.json`. They are held to a strict
 * content security policy. What lies in the folder now is served, until the process ends, and nothing else.
 *
 * @param parameters the payee, the folder, and what the payee does not know itself
 * @returns routes to be mounted at the root of the payee's origin; what they do not know goes on to the next route
 * @throws SluiceError `invalid-argument` when the folder cannot be read
 *
 * @example
 * ```ts
 * import { createStandalone, servePages, type Payee } from '@sluice/server'
 * import { Hono } from 'hono'
 *
 * async function serve(payee: Payee) {
 *   const app = new Hono()
 *   const rpcUrl = 'https://mainnet.base.org'
 *   app.route('/', await servePages({ payee, folder: 'app/dist', chainName: 'Base', rpcUrl }))
 *   app.route('/', payee.app)
 *   return createStandalone(payee, { port: 8402, app })
 * }
 * ```
 */
export async function servePages(parameters: ServePagesParameters): Promise<Hono> {
  const { payee, folder, ...settings } = parameters
  const configOf = describePages(payee, settings)
  const files = await readFolder(folder, mostBytes)
  const served = new Map(files.map((file) => [addressOf(file.name), describe(file)]))
  const app = new Hono()

  app.get(configPath, (c) =>
    c.json(configOf(originOf(c.req.url)), 200, { ...plainHeaders, 'Cache-Control': 'no-store' }),
  )
  app.get('*', async (c, next) => {
    const { path } = c.req
    const file = served.get(path)
    if (file === undefined) {
      const page = path === '/' ? '/watch/' : `${path}/`
      return served.has(page) ? c.redirect(page + new URL(c.req.url).search, 302) : next()
    }
    const headers = file.isPage ? pageHeaders(configOf(originOf(c.req.url))) : plainHeaders
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    c.header('Cache-Control', file.cache)
    c.header('ETag', file.etag)
    c.header('Vary', 'Accept-Encoding')
    if (c.req.header('If-None-Match') === file.etag) return c.body(null, 304)
    c.header('Content-Type', file.type)
    if (!isPackable(file) || !/\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '')) {
      return c.body(new Uint8Array(file.bytes))
    }
    file.packed ??= promisify(gzip)(file.bytes, { level: 9 })
    c.header('Content-Encoding', 'gzip')
    return c.body(new Uint8Array(await file.packed))
  })
  return app
}

/** A page is asked for by the folder it lies in. */
function addressOf(name: string): string {
  return `/${name.replace(/(^|\/)index\.html$/, '$1')}`
}

function describe({ name, bytes }: FolderFile): Served {
  const isPage = name.endsWith('.html')
  return {
    type: getMimeType(name) ?? 'application/octet-stream',
    // Weak: packed and unpacked are the same to whoever asks.
    etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    cache: cacheOf(name, isPage),
    isPage,
    bytes,
  }
}

/** What lies in `assets/` has a name made of its content. */
function cacheOf(name: string, isPage: boolean): string {
  if (isPage) return 'no-cache'
  return name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600'
}

function isPackable({ type, bytes }: Served): boolean {
  return bytes.length >= leastPacked && /^text\/|javascript|json|xml|wasm/.test(type)
}

function originOf(url: string): string {
  return new URL(url).origin
}
