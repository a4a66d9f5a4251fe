import type { Hex } from '@sluice/sdk'
import type { OpenChannel } from '../payee/world.js'

/** A challenge as a client sees it. */
export type SeenChallenge = {
  readonly id: string
  readonly realm: string
  readonly method: string
  readonly intent: string
  readonly request: string
  readonly expires: string
}

/** Reads the challenge of a 402 answer, by the grammar of RFC 9110 and nothing else. */
export function challengeOf(response: Response): SeenChallenge {
  const header = response.headers.get('www-authenticate') ?? ''
  if (!/^payment /i.test(header)) throw new Error(`no Payment challenge in "${header}"`)
  const found: Record<string, string> = {}
  for (const [, name, value] of header.slice(8).matchAll(/([a-z]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g)) {
    if (name !== undefined && value !== undefined) found[name] = value.replace(/\\(.)/g, '$1')
  }
  const { id = '', realm = '', method = '', intent = '', request = '', expires = '' } = found
  return { id, realm, method, intent, request, expires }
}

/** What a challenge asks, decoded. */
export function requestOf(challenge: SeenChallenge): Record<string, unknown> {
  return JSON.parse(Buffer.from(challenge.request, 'base64url').toString()) as Record<string, unknown>
}

/** A receipt, decoded. */
export function receiptOf(response: Response): Record<string, unknown> {
  const header = response.headers.get('payment-receipt') ?? ''
  return JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>
}

/** Writes a credential. */
export function credential(challenge: object, payload: object): string {
  return `Payment ${Buffer.from(JSON.stringify({ challenge, payload })).toString('base64url')}`
}

/** A request whose headers are a plain object, so that another can be added. */
export type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }

/** A client that speaks the scheme by hand: one channel, one payee. */
export function createClient(url: string, { channel, channelId, signer }: OpenChannel) {
  let challenge: SeenChallenge | undefined
  let granted = 0n

  const proofOf = async (of: SeenChallenge): Promise<Hex> =>
    signer.signSession(channelId, `0x${Buffer.from(of.id, 'base64url').toString('hex')}`)

  async function payload(action: 'open' | 'voucher' | 'close', of: SeenChallenge): Promise<object> {
    const cumulativeAmount = granted.toString()
    const signature = await signer.signVoucher(channelId, granted)
    const proof = await proofOf(of)
    if (action !== 'open') return { action, channelId, cumulativeAmount, signature, proof }
    const terms = { ...channel, rate: channel.rate.toString(), burst: channel.burst.toString() }
    return { action, channel: terms, cumulativeAmount, signature, proof }
  }

  async function challenged(path: string, init: Init = {}): Promise<SeenChallenge> {
    const response = await fetch(url + path, init)
    await response.arrayBuffer()
    challenge = challengeOf(response)
    return challenge
  }

  return {
    challenged,
    proofOf,
    payload,
    /** Total granted from the next payment on. */
    grant: (cumulative: bigint) => {
      granted = cumulative
    },
    /** Pays with the last challenge seen. */
    pay: async (
      path: string,
      action: 'open' | 'voucher' | 'close' = 'voucher',
      init: Init = {},
    ): Promise<Response> => {
      const of = challenge ?? (await challenged(path, init))
      const headers = { ...init.headers, Authorization: credential(of, await payload(action, of)) }
      return fetch(url + path, { ...init, headers })
    },
    /** Sends a payload of one's own making. */
    raw: (path: string, body: object, init: Init = {}, of: object | undefined = challenge) =>
      fetch(url + path, { ...init, headers: { ...init.headers, Authorization: credential(of ?? {}, body) } }),
  }
}

/** The events of a server-sent stream, one at a time. */
export async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder()
  let text = ''
  if (response.body === null) return
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      yield { event: field('event') ?? 'message', data: field('data') ?? '' }
    }
  }
}
