import { SluiceError } from '../errors.js'

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
 * @throws SluiceError `payee-offline` when nobody answers or nothing is on, `terms-refused` when the key is wrong
 */
export async function exchange(url: string, offer: string, key?: string): Promise<Exchanged> {
  const headers: Record<string, string> = { 'Content-Type': 'application/sdp' }
  if (key !== undefined) headers['Authorization'] = `Bearer ${key}`
  let response: Response
  try {
    response = await fetch(url, { method: 'POST', headers, body: offer })
  } catch (cause) {
    throw offline('The streamer cannot be reached.', `${url} did not answer`, cause)
  }
  if (response.status === 401 || response.status === 403) {
    throw new SluiceError({
      code: 'terms-refused',
      message: 'The stream key is not the right one.',
      details: `${url} answered ${response.status}`,
    })
  }
  if (response.status === 503) throw offline('The stream has not begun.', `${url} answered 503`)
  if (!response.ok) throw offline('The stream cannot be shown now.', `${url} answered ${response.status}`)
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

function offline(message: string, details: string, cause?: unknown): SluiceError {
  return new SluiceError({
    code: 'payee-offline',
    message,
    details,
    action: 'wait',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  })
}
