import type { LocalAccount } from 'viem'

/** One server-sent event. */
export type Event = { readonly name: string; readonly data: Record<string, unknown> }

/** Server-sent events as they come. */
export type Events = {
  readonly seen: Event[]
  /** Resolves with the first event, seen or to come, that matches. */
  readonly until: (matches: (event: Event) => boolean) => Promise<Event>
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>
  readonly stop: () => void
}

/** Reads server-sent events with a bearer. */
export async function listen(url: string, bearer: string): Promise<Events> {
  const abort = new AbortController()
  const response = await fetch(url, { headers: auth(bearer), signal: abort.signal })
  if (response.status !== 200 || response.body === null) throw new Error(`${url}: ${String(response.status)}`)
  const seen: Event[] = []
  const waiting = new Set<(event: Event) => void>()
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const match = /^event: (\w+)\ndata: (.*)$/s.exec(part)
        if (match === null) continue
        const event = { name: match[1] ?? '', data: JSON.parse(match[2] ?? '{}') as Event['data'] }
        seen.push(event)
        for (const each of [...waiting]) each(event)
      }
    }
  }
  return {
    seen,
    until: (matches) => {
      const found = seen.find(matches)
      if (found !== undefined) return Promise.resolve(found)
      return new Promise((resolve) => {
        const look = (event: Event): void => {
          if (!matches(event)) return
          waiting.delete(look)
          resolve(event)
        }
        waiting.add(look)
      })
    },
    ended: read(response.body).catch(() => undefined),
    stop: () => {
      abort.abort()
    },
  }
}

export function auth(bearer: string): Record<string, string> {
  return { Authorization: `Bearer ${bearer}` }
}

/** Asks the studio; with a body it posts unless `method` says otherwise. */
export async function ask(
  url: string,
  options: { readonly bearer?: string; readonly method?: string; readonly body?: unknown } = {},
): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> {
  const { bearer, body, method = body === undefined ? 'GET' : 'POST' } = options
  const response = await fetch(url, {
    method,
    ...(bearer === undefined ? {} : { headers: auth(bearer) }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>,
  }
}

/** Signs in as a wallet; `signer` signs for it. */
export async function signIn(url: string, address: string, signer: LocalAccount) {
  const challenge = await ask(`${url}/studio/api/challenge`, { body: { address } })
  const message = String(challenge.json['message'])
  const signature = await signer.signMessage({ message })
  const answer = await ask(`${url}/studio/api/session`, { body: { message, signature } })
  return { challenge, message, signature, answer, token: String(answer.json['token']) }
}
