import type { Hex } from '@sluice/sdk'
import { usageError } from '../exit.js'

/** Which channels a command is about. */
export type Selection = {
  /** Ids, or the first digits of them. */
  readonly ids: readonly Hex[]
  readonly all: boolean
}

/**
 * The one item an id, or the beginning of one, means.
 *
 * @param items to choose from
 * @param id such as `0x12ab`
 * @throws CommandError exit code 2 when none or several fit
 */
export function findOne<Item extends { readonly channelId: Hex }>(items: readonly Item[], id: Hex): Item {
  const [found, ...more] = items.filter(({ channelId }) => channelId.toLowerCase().startsWith(id))
  if (found === undefined)
    throw usageError(`No channel ${id} is known here.`, 'See "sluice channels list --all".')
  if (more.length > 0)
    throw usageError(`${more.length + 1} channels begin with ${id}.`, 'Add more digits of the id.')
  return found
}

/**
 * The items a command is about.
 *
 * @param items to choose from with `--all`, those it would do something for
 * @param everything to choose from by id
 * @throws CommandError exit code 2 when neither ids nor `--all` were given
 */
export function select<Item extends { readonly channelId: Hex }>(
  items: readonly Item[],
  everything: readonly Item[],
  { ids, all }: Selection,
): readonly Item[] {
  if (all && ids.length > 0) throw usageError('Both ids and --all were given.', 'Use one of them.')
  if (!all && ids.length === 0) throw usageError('No channel was named.', 'Name ids, or add --all.')
  if (all) return items
  const found = ids.map((id) => findOne(everything, id))
  return [...new Map(found.map((item) => [item.channelId, item])).values()]
}
