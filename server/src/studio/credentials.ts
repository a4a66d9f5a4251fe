import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock, Random } from '@sluice/sdk/session'
import type { DocumentStore } from '../store/ports.js'
import { conflict } from './refusals.js'

/** Something a secret was given out for. The secret itself is kept nowhere. */
export type Credential = {
  readonly id: string
  /** Such as the address that signed in, or a name that a person gave. */
  readonly label: string
  /** Milliseconds since 1970. */
  readonly createdAtMs: number
  /** Milliseconds since 1970; null: never. */
  readonly expiresAtMs: number | null
}

/** Secrets of one kind, by their digests. */
export type Credentials = {
  /** Makes one. Its secret is never told again. */
  readonly issue: (label: string) => Promise<{ readonly secret: string; readonly credential: Credential }>
  /** What a secret is good for; undefined: nothing. */
  readonly check: (secret: string) => Credential | undefined
  /** Whether one is still good. */
  readonly holds: (id: string) => boolean
  /** @returns whether there was one */
  readonly revoke: (id: string) => Promise<boolean>
  /** Those that are good, oldest first. */
  readonly list: () => readonly Credential[]
}

const stored = z.object({
  digest: z.string(),
  label: z.string(),
  createdAtMs: z.number(),
  expiresAtMs: z.number().nullable(),
})

type Kept = Credential & { readonly digest: string }

/**
 * Opens the secrets of one kind.
 *
 * @param parameters
 * - `kind` of documents
 * - `lifetimeMs`: undefined: for ever
 * - `most`: how many at once
 * - `whenFull`: `replace` ends the oldest, `refuse` makes no further one
 */
export async function openCredentials(parameters: {
  readonly documents: DocumentStore
  readonly kind: string
  readonly clock: Clock
  readonly random: Random
  readonly lifetimeMs?: number
  readonly most: number
  readonly whenFull: 'replace' | 'refuse'
}): Promise<Credentials> {
  const { documents, kind, clock, random, lifetimeMs, most } = parameters
  const byDigest = new Map<string, Kept>()
  for (const { id, text } of await documents.list(kind)) {
    const kept = { id, ...stored.parse(JSON.parse(text)) }
    byDigest.set(kept.digest, kept)
  }

  function isGood({ expiresAtMs }: Credential): boolean {
    return expiresAtMs === null || expiresAtMs > clock.now()
  }

  async function remove(kept: Kept): Promise<void> {
    byDigest.delete(kept.digest)
    await documents.delete(kind, kept.id)
  }

  async function makeRoom(): Promise<void> {
    for (const kept of [...byDigest.values()]) if (!isGood(kept)) await remove(kept)
    const [oldest] = [...byDigest.values()].sort((a, b) => a.createdAtMs - b.createdAtMs)
    if (byDigest.size < most || oldest === undefined) return
    if (parameters.whenFull === 'replace') return remove(oldest)
    throw conflict(
      'There are as many as there may be. Revoke one first.',
      `${byDigest.size}, at most ${most}`,
    )
  }

  return {
    async issue(label) {
      await makeRoom()
      const secret = Buffer.from(random(32)).toString('base64url')
      const createdAtMs = clock.now()
      const expiresAtMs = lifetimeMs === undefined ? null : createdAtMs + lifetimeMs
      const kept = { digest: digestOf(secret), label, createdAtMs, expiresAtMs }
      const id = Buffer.from(random(8)).toString('hex')
      await documents.put(kind, id, JSON.stringify(kept))
      byDigest.set(kept.digest, { id, ...kept })
      return { secret, credential: { id, label, createdAtMs, expiresAtMs } }
    },
    check(secret) {
      const kept = byDigest.get(digestOf(secret))
      return kept !== undefined && isGood(kept) ? shown(kept) : undefined
    },
    holds: (id) => [...byDigest.values()].some((kept) => kept.id === id && isGood(kept)),
    async revoke(id) {
      const kept = [...byDigest.values()].find((each) => each.id === id)
      if (kept !== undefined) await remove(kept)
      return kept !== undefined
    },
    list: () =>
      [...byDigest.values()]
        .filter(isGood)
        .sort((a, b) => a.createdAtMs - b.createdAtMs)
        .map(shown),
  }
}

function shown({ id, label, createdAtMs, expiresAtMs }: Kept): Credential {
  return { id, label, createdAtMs, expiresAtMs }
}

/** Looked up by digest: how long that takes tells nothing of a secret. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
