import { SluiceError } from '../errors.js'
import type { Deployment } from '../types.js'
import type { RebuiltTournament, RebuiltTournaments } from './rebuild.js'
import { tournamentId } from './tournamentId.js'

/** How far a search has come. */
export type Snapshot = {
  /** The first block that was not searched. */
  readonly nextBlock: bigint
  readonly tournaments: RebuiltTournaments
}

const version = 1

/**
 * A search as text that can be kept anywhere.
 *
 * @param deployment where the contract is
 * @param subject whose tournaments were searched
 * @param snapshot how far it has come
 */
export function encodeSnapshot(deployment: Deployment, subject: string, snapshot: Snapshot): string {
  const { chainId, contract } = deployment
  return JSON.stringify(
    { version, chainId, contract: contract.toLowerCase(), subject, ...snapshot },
    // No text in here looks like a number with an n behind it.
    (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
  )
}

/**
 * Reads what {@link encodeSnapshot} wrote, and nothing else.
 *
 * @param text as it was kept
 * @param deployment where the contract is now
 * @param subject whose tournaments are searched now
 * @throws SluiceError `invalid-argument` when it is damaged, or is another search's
 */
export function decodeSnapshot(text: string, deployment: Deployment, subject: string): Snapshot {
  const found = parse(text)
  const expected = {
    version,
    chainId: deployment.chainId,
    contract: deployment.contract.toLowerCase(),
    subject,
  }
  for (const [name, value] of Object.entries(expected)) {
    if (found[name] !== value)
      throw unusable(`${name}: found ${String(found[name])}, expected ${String(value)}`)
  }
  const { nextBlock, tournaments } = found
  if (typeof nextBlock !== 'bigint') throw unusable(`nextBlock: found ${String(nextBlock)}, expected a block`)
  if (!isObject(tournaments)) throw unusable('tournaments: found nothing, expected tournaments by id')
  for (const [id, each] of Object.entries(tournaments)) {
    if (!isRebuilt(each) || tournamentId({ ...deployment, tournament: each.tournament }) !== id) {
      throw unusable(`tournament ${id}: found other terms, expected those whose hash it is`)
    }
  }
  return { nextBlock, tournaments: tournaments as RebuiltTournaments }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text, (_, inner: unknown) =>
      typeof inner === 'string' && /^\d+n$/.test(inner) ? BigInt(inner.slice(0, -1)) : inner,
    )
    if (isObject(value)) return value
  } catch {
    // Said below.
  }
  throw unusable(`found ${text.slice(0, 40)}, expected what a search returned as its cursor`)
}

const records = ['players', 'sponsors', 'prizes', 'rewards', 'refunds'] as const

function isRebuilt(value: unknown): value is RebuiltTournament {
  if (!isObject(value) || typeof value['stage'] !== 'string') return false
  return isObject(value['tournament']) && records.every((name) => isObject(value[name]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function unusable(details: string): SluiceError {
  return new SluiceError({
    code: 'invalid-argument',
    message: 'What was kept of an earlier search cannot be used. Search from the beginning.',
    details,
  })
}
