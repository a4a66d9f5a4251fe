import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import { exchange } from '../../../sdk/dist/stage/exchange.js'

describe('offers to a stage that refuses them', () => {
  const opened = new AsyncDisposableStack()
  let answer: { readonly status: number; readonly headers?: Record<string, string> }
  let url: string

  before(async () => {
    const server = createServer((_, response) => {
      response.writeHead(answer.status, answer.headers).end()
    }).listen(0, '127.0.0.1')
    opened.defer(async () => {
      server.close()
      await once(server, 'close')
    })
    await once(server, 'listening')
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/stage/whep`
  })
  after(() => opened.disposeAsync())

  async function refusal(): Promise<SluiceError> {
    try {
      await exchange(url, 'v=0')
    } catch (error) {
      if (error instanceof SluiceError) return error
      throw error
    }
    throw new Error('accepted')
  }

  for (const [status, code] of [
    [429, 'rate-limited'],
    [503, 'payee-offline'],
  ] as const) {
    it(`say when to come back (${status})`, async () => {
      answer = { status, headers: { 'Retry-After': '12' } }
      expect(await refusal()).to.include({ code, retryAfterMs: 12_000, retryable: true, action: 'wait' })
      answer = { status }
      expect(await refusal()).to.include({ code, retryAfterMs: undefined, retryable: true })
    })
  }
})
