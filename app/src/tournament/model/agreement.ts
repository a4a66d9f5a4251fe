import { SluiceError, type Address } from '@sluice/sdk'
import type { Confirmation, RebuiltTournament } from '@sluice/sdk/tournament'

/** What players signed of one result, as a link carries it: `player.signature`, joined by `_`, without `0x`. */
const linkPart = 'agreed'

/**
 * Puts signatures into an invitation. They stand in the part of an address that no server sees.
 *
 * @param invitation as `inviteLink` makes it
 * @param confirmations what was gathered
 */
export function agreementLink(invitation: string, confirmations: readonly Confirmation[]): string {
  const url = new URL(invitation)
  const parts = new URLSearchParams(url.hash.slice(1))
  const written = confirmations.map(({ player, signature }) => `${player.slice(2)}.${signature.slice(2)}`)
  parts.set(linkPart, written.join('_').toLowerCase())
  url.hash = parts.toString()
  return url.toString()
}

/**
 * The signatures that an address carries; none when it carries none.
 *
 * @param text what somebody sent or opened
 * @throws SluiceError `invalid-argument` when it carries something else in their place
 */
export function readAgreement(text: string): readonly Confirmation[] {
  const [, hash = ''] = text.trim().split('#', 2)
  const written = new URLSearchParams(hash).get(linkPart)
  if (written === null || written === '') return []
  return written.split('_').map((each) => {
    const match = /^([0-9a-f]{40})[.]((?:[0-9a-f]{2})+)$/i.exec(each)
    if (match === null) {
      throw new SluiceError({
        code: 'invalid-argument',
        message: 'This link is not complete.',
        details: `${each.slice(0, 20)}… is not a player with its signature: 40 hexadecimal digits, a point, and pairs of them`,
      })
    }
    return { player: `0x${match[1] ?? ''}`.toLowerCase() as Address, signature: `0x${match[2] ?? ''}` }
  })
}

/** The same signatures and more; of a player who is named twice the first counts. */
export function gathered(
  before: readonly Confirmation[],
  more: readonly Confirmation[],
): readonly Confirmation[] {
  const known = new Set(before.map(({ player }) => player.toLowerCase()))
  const added = more.filter(({ player }) => !known.has(player.toLowerCase()))
  return [...before, ...added]
}

/** Who of the players has not signed yet. */
export function missingOf(
  { players }: Pick<RebuiltTournament, 'players'>,
  confirmations: readonly Confirmation[],
): readonly Address[] {
  const signed = new Set(confirmations.map(({ player }) => player.toLowerCase()))
  return (Object.keys(players) as Address[]).filter((player) => !signed.has(player.toLowerCase()))
}
