import { systemClock } from '../edge/platform.js'
import { SluiceError, type SluiceErrorParameters } from '../errors.js'
import { retryAfterOf } from '../transport/retryAfter.js'

/** A resource that a WHIP or WHEP server made of an offer. */
export type Exchanged = {
  readonly answer: string
  /** Where it is ended; undefined when the server named none. */
  readonly resource: string | undefined
}

/**
 * Posts an offer and reads the answer (WHIP, RFC 9725; WHEP alike).
 *
 * @param url of the endpoint
 * @param offer SDP
 * @param key bearer token, for publishers
 * @throws SluiceError `payee-offline` when nobody answers or nothing is on, `rate-limited` when it is full or was asked too
 * often, both with the time to wait when the server names one; `terms-refused` when the key is wrong
 */
export async function exchange(url: string, offer: string, key?: string): Promise<Exchanged> {
  const headers: Record<string, string> = { 'Content-Type': 'application/sdp' }
  if (key !== undefined) headers['Authorization'] = `Bearer ${key}`
  let response: Response
  try {
    response = await fetch(url, { method: 'POST', headers, body: offer })
  } catch (cause) {
    throw later({
      code: 'payee-offline',
      message: 'The streamer cannot be reached.',
      details: `${url} did not answer`,
      cause,
    })
  }
  if (response.status === 401 || response.status === 403) {
    throw new SluiceError({
      code: 'terms-refused',
      message: 'The stream key is not the right one.',
      details: `${url} answered ${response.status}`,
    })
  }
  if (!response.ok) throw refusalOf(response)
  const location = response.headers.get('Location')
  return {
    answer: await response.text(),
    resource: location === null ? undefined : new URL(location, url).href,
  }
}

/** Ends a resource. It ends by itself when this cannot be said, so failing is no fault. */
export async function release(resource: string | undefined, key?: string): Promise<void> {
  if (resource === undefined) return
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` }
  await fetch(resource, { method: 'DELETE', headers, keepalive: true }).catch(() => undefined)
}

function refusalOf(response: Response): SluiceError {
  const { status, url } = response
  const details = `${url} answered ${status}`
  const retryAfterMs = retryAfterOf(response, systemClock.now())
  if (status === 429)
    return later({ code: 'rate-limited', message: 'The stream is full or busy.', details, retryAfterMs })
  const message = status === 503 ? 'The stream has not begun.' : 'The stream cannot be shown now.'
  return later({ code: 'payee-offline', message, details, retryAfterMs })
}

function later(parameters: Omit<SluiceErrorParameters, 'action' | 'retryable'>): SluiceError {
  return new SluiceError({ ...parameters, action: 'wait', retryable: true })
}
