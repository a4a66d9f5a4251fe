import { SluiceError } from '../errors.js'
import { decodeMessage } from '../session/codec.js'
import type { Offer } from '../session/messages.js'

/** Where a payee's offer is found, below its origin. */
export const offerPath = '/.well-known/sluice'

/** An offer and where its sessions are held. */
export type FoundOffer = {
  readonly offer: Offer
  /** WebSocket address of sessions. */
  readonly sessionUrl: string
}

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>

/**
 * Asks a payee what it sells.
 *
 * @param url any page of the payee, such as `https://live.example/alice`
 * @param fetch the platform's, or another
 * @throws SluiceError `payee-offline` when nobody answers, `malformed-message` when the answer is no offer
 */
export async function fetchOffer(url: string, fetch: Fetch): Promise<FoundOffer> {
  const address = offerAddress(url)
  const body = await load(address, fetch)
  const offer = decodeMessage(body)
  if (offer.type !== 'offer') {
    throw new SluiceError({
      code: 'malformed-message',
      message: 'The streamer did not answer with an offer.',
      details: `${address.href} answered with ${offer.type}`,
    })
  }
  return { offer, sessionUrl: sessionAddress(body, address) }
}

function offerAddress(url: string): URL {
  try {
    return new URL(offerPath, url)
  } catch (cause) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: `"${url}" is not an address of a streamer.`,
      details: 'expected a URL such as https://live.example/alice',
      cause,
    })
  }
}

async function load(address: URL, fetch: Fetch): Promise<string> {
  let details: string
  let cause: unknown
  try {
    const response = await fetch(address.href)
    if (response.ok) return await response.text()
    details = `${address.href} answered ${response.status}`
  } catch (error) {
    details = `${address.href} did not answer`
    cause = error
  }
  throw new SluiceError({
    code: 'payee-offline',
    message: 'The streamer cannot be reached.',
    details,
    action: 'wait',
    retryable: true,
    cause,
  })
}

/** The offer names its session address; without one it is `/sluice` at the same origin. */
function sessionAddress(body: string, address: URL): string {
  const { session } = JSON.parse(body) as { readonly session?: unknown }
  const named = typeof session === 'string' ? session : '/sluice'
  if (URL.canParse(named, address)) {
    const url = new URL(named, address)
    if (url.protocol === 'http:') url.protocol = 'ws:'
    if (url.protocol === 'https:') url.protocol = 'wss:'
    if (url.protocol === 'ws:' || url.protocol === 'wss:') return url.href
  }
  throw new SluiceError({
    code: 'malformed-message',
    message: 'The streamer named no usable session address.',
    details: `session: expected a ws: or wss: address, got ${named.slice(0, 200)}`,
  })
}
