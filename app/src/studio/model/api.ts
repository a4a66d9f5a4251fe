import { SluiceError } from '@sluice/sdk'
import * as z from 'zod/mini'

const amount = z.pipe(
  z.string().check(z.regex(/^\d{1,40}$/)),
  z.transform((text) => BigInt(text)),
)
const address = z.pipe(
  z.string().check(z.regex(/^0x[0-9a-f]{40}$/)),
  z.transform((text) => text as `0x${string}`),
)

const tip = z.object({
  key: z.string(),
  channelId: z.string(),
  amount,
  message: z.string(),
  atMs: z.number(),
  hidden: z.boolean(),
})
const snapshot = z.object({
  stream: z.object({
    title: z.string(),
    price: amount,
    unit: z.enum(['second', 'byte', 'request']),
    per: amount,
    token: address,
    symbol: z.string(),
    decimals: z.number(),
    payee: address,
    operator: address,
  }),
  live: z.nullable(z.boolean()),
  viewers: z.number(),
  paying: z.number(),
  money: z.object({ earned: amount, settled: amount, unsettled: amount, tipped: amount }),
  settling: z.nullable(
    z.object({ channels: z.number(), gas: amount, cost: amount, balance: amount, worth: z.nullable(amount) }),
  ),
  underWay: z.number(),
  tips: z.array(tip),
  goal: z.nullable(z.object({ title: z.string(), target: amount, reached: amount })),
})
const income = z.object({
  stepMs: z.number(),
  points: z.array(z.object({ atMs: z.number(), earned: amount, tipped: amount })),
})
const overlay = z.object({ id: z.string(), label: z.string(), createdAtMs: z.number() })
const overlays = z.object({ overlays: z.array(overlay), connected: z.number() })
const settled = z.object({
  transactions: z.array(z.string()),
  channels: z.array(z.string()),
  skipped: z.array(z.object({ reason: z.string() })),
  refused: z.array(z.object({ reason: z.string() })),
  failed: z.array(z.object({ reason: z.string() })),
})
const challenge = z.object({ message: z.string() })
const session = z.object({ token: z.string(), address })
const key = z.object({ key: z.string() })
const connected = z.object({ connected: z.number() })
const problem = z.object({
  code: z.string(),
  message: z.string(),
  details: z.optional(z.string()),
})

export type Snapshot = z.infer<typeof snapshot>
export type StudioTip = z.infer<typeof tip>
export type IncomeChart = z.infer<typeof income>
export type Span = 'hour' | 'day' | 'month'
export type Overlay = z.infer<typeof overlay>
export type Settled = z.infer<typeof settled>

/** Reads a state that came as an event. */
export const readSnapshot = (data: unknown): Snapshot => snapshot.parse(data)

/** Where the server's side of the studio is, below the page's own origin. */
export const studioPath = '/studio/api'

/** The server's side of the studio. Every function throws a SluiceError with the server's words. */
export type StudioApi = ReturnType<typeof createStudioApi>

/**
 * @param bearer of who signed in; undefined: nobody has
 * @param onSignedOut told when the server does not know the bearer any more
 */
export function createStudioApi(bearer: () => string | undefined, onSignedOut: () => void) {
  async function ask(method: string, path: string, body?: object): Promise<unknown> {
    const token = bearer()
    const response = await fetch(studioPath + path, {
      method,
      cache: 'no-store',
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw unreachable(cause)
    })
    if (response.status === 401) onSignedOut()
    if (!response.ok) throw await refusalOf(response)
    return response.status === 204 ? undefined : await response.json()
  }

  return {
    challenge: async (of: string) => challenge.parse(await ask('POST', '/challenge', { address: of })),
    session: async (message: string, signature: string) =>
      session.parse(await ask('POST', '/session', { message, signature })),
    signOut: () => ask('DELETE', '/session'),
    income: async (span: Span) => income.parse(await ask('GET', `/income?span=${span}`)),
    setStream: (changes: { readonly title: string; readonly price: string; readonly token: string }) =>
      ask('PUT', '/stream', changes),
    key: async () => key.parse(await ask('GET', '/key')).key,
    renewKey: async () => key.parse(await ask('POST', '/key')).key,
    settle: async () => settled.parse(await ask('POST', '/settle')),
    tip: (verb: 'hide' | 'show' | 'replay', of: string) => ask('POST', `/tips/${verb}`, { key: of }),
    setGoal: (title: string, target: bigint) => ask('PUT', '/goal', { title, target: target.toString() }),
    endGoal: () => ask('DELETE', '/goal'),
    overlays: async () => overlays.parse(await ask('GET', '/overlays')),
    makeOverlay: async (label: string) =>
      z.extend(overlay, { secret: z.string() }).parse(await ask('POST', '/overlays', { label })),
    revokeOverlay: (id: string) => ask('DELETE', `/overlays/${encodeURIComponent(id)}`),
    testAlert: async () => connected.parse(await ask('POST', '/overlays/test')),
  }
}

function unreachable(cause: unknown): SluiceError {
  return new SluiceError({
    code: 'payee-offline',
    message: 'The server does not answer.',
    action: 'retry',
    retryable: true,
    cause,
  })
}

async function refusalOf(response: Response): Promise<SluiceError> {
  const said = problem.safeParse(await response.json().catch(() => undefined))
  const { message, details } = said.success
    ? said.data
    : { message: 'The server did not do that.', details: `it answered ${String(response.status)}` }
  return new SluiceError({ code: 'internal', message, ...(details === undefined ? {} : { details }) })
}
