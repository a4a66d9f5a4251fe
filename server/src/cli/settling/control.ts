import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { failure } from '../exit.js'
import { writeNewFile } from '../files.js'
import { settleEventSchema, settleRequestSchema, type Settle } from './events.js'

/**
 * How `sluice channels claim` and `close` reach a running server, which alone may write the database and send with the
 * operator's key: a door on the loopback interface, with a secret in a file beside the database that only this user
 * can read.
 */
const doorSchema = z.strictObject({ url: z.url(), secret: z.string().length(64) })

const maxBody = 16 * 1024 * 1024

/**
 * Opens the door of a running server.
 *
 * @param storePath the database it stands for
 * @param settle carries requests out
 * @returns closes it
 */
export async function openDoor(storePath: string, settle: Settle): Promise<() => Promise<void>> {
  const secret = randomBytes(32).toString('hex')
  const server = createServer((request, response) => {
    answer(request, response, secret, settle).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const path = doorPath(storePath)
  const text = JSON.stringify({ url: `http://127.0.0.1:${port}/settle`, secret })
  await writeNewFile(path, text, { mode: 0o600, force: true })
  return async () => {
    await rm(path, { force: true })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/**
 * The door of the server that runs on a database; undefined when none does.
 *
 * @param storePath the database
 */
export async function findDoor(storePath: string): Promise<Settle | undefined> {
  const path = doorPath(storePath)
  if (!existsSync(path)) return undefined
  const door = doorSchema.safeParse(JSON.parse(await readFile(path, 'utf8')))
  if (!door.success) return undefined
  const { url, secret } = door.data
  const headers = { authorization: `Bearer ${secret}` }
  // The file of a server that was killed leads nowhere, or to a program that does not know the secret.
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(2000) }).catch(() => undefined)
  if (response?.status !== 204) return undefined
  return async function* (request) {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) })
    if (!answer.ok || answer.body === null) throw failure(`The server answered ${answer.status}.`)
    for await (const line of lines(answer.body)) yield settleEventSchema.parse(JSON.parse(line))
  }
}

function doorPath(storePath: string): string {
  return `${storePath}.door`
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  settle: Settle,
): Promise<void> {
  if (!isAllowed(request.headers.authorization, secret)) {
    response.writeHead(401).end()
    return
  }
  if (request.method !== 'POST') {
    response.writeHead(204).end()
    return
  }
  const wanted = settleRequestSchema.safeParse(JSON.parse(await read(request)))
  if (!wanted.success) {
    response.writeHead(400).end()
    return
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for await (const event of settle(wanted.data)) response.write(`${JSON.stringify(event)}\n`)
  response.end()
}

function isAllowed(header: string | undefined, secret: string): boolean {
  const given = Buffer.from(header ?? '')
  const expected = Buffer.from(`Bearer ${secret}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer
    length += bytes.length
    if (length > maxBody) throw new Error('the request is too large')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  for await (const text of body.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )) {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}
