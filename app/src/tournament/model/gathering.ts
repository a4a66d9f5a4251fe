import { SluiceError, tournamentsAddress, type Hex } from '@sluice/sdk'
import { confirmationTypedData, type Confirmation } from '@sluice/sdk/tournament'
import type { Client } from 'viem'
import { verifyTypedData } from 'viem/actions'
import type { Memory } from '../../edge/browser.ts'
import type { Store } from '../../store.ts'
import { gathered, readAgreement } from './agreement.ts'
import type { TournamentPageState } from './state.ts'

/** Name under which the signatures of a result are remembered. */
export const agreementMemory = (id: Hex, root: Hex): string => `sluice.agreed.${id}.${root}`

/** Gathers what players sign of the result that stands. */
export type Gathering = {
  /**
   * Takes signatures over after it checked each, and remembers them.
   *
   * @throws SluiceError `invalid-signature` for somebody who does not play, or who signed something else
   */
  readonly add: (confirmations: readonly Confirmation[]) => Promise<void>
  /** Takes up what this browser remembers and what the address of the page carries, once there is a result. */
  readonly takeUp: () => Promise<void>
}

/**
 * @param parameters `client` reads the chain, for wallets that are contracts; `page`: address of this page
 */
export function createGathering(parameters: {
  readonly client: Client
  readonly chainId: number
  readonly state: Store<TournamentPageState>
  readonly memory: Memory
  readonly page: () => string
}): Gathering {
  const { client, chainId, state, memory, page } = parameters
  const contract = tournamentsAddress
  /** What was taken up, by result and address. */
  let taken: string | undefined

  async function check({ player, signature }: Confirmation, id: Hex, root: Hex): Promise<void> {
    const { known } = state.get()
    if (known?.players[player] === undefined) {
      throw refused(`${player} is not one of the ${String(Object.keys(known?.players ?? {}).length)} players`)
    }
    const data = confirmationTypedData({ chainId, contract, tournamentId: id, root })
    if (!(await verifyTypedData(client, { address: player, signature, ...data }))) {
      throw refused(`${signature} is not a signature of ${player} over the result with the root ${root}`)
    }
  }

  async function add(confirmations: readonly Confirmation[]): Promise<void> {
    const { id, standing } = state.get()
    if (id === undefined || standing?.stage !== 'reported') return
    const { root } = standing
    const own = confirmations.map((each) => ({ ...each, player: lower(each.player) }))
    for (const each of own) await check(each, id, root)
    const all = gathered(state.get().confirmations, own)
    memory.write(agreementMemory(id, root), JSON.stringify(all))
    state.patch({ confirmations: all })
  }

  async function takeUp(): Promise<void> {
    const { id, standing } = state.get()
    if (id === undefined || standing?.stage !== 'reported') return
    const now = `${standing.root} ${page()}`
    if (taken === now) return
    taken = now
    // What is remembered may be damaged, which does not concern what the address carries.
    await add(remembered(memory, id, standing.root)).catch(() => undefined)
    await add(readAgreement(page()))
  }

  return { add, takeUp }
}

function remembered(memory: Memory, id: Hex, root: Hex): readonly Confirmation[] {
  try {
    const kept: unknown = JSON.parse(memory.read(agreementMemory(id, root)) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isConfirmation) : []
  } catch {
    return []
  }
}

function isConfirmation(value: unknown): value is Confirmation {
  if (typeof value !== 'object' || value === null) return false
  const { player, signature } = value as Partial<Record<keyof Confirmation, unknown>>
  return /^0x[0-9a-f]{40}$/i.test(String(player)) && /^0x(?:[0-9a-f]{2})+$/i.test(String(signature))
}

const lower = <text extends Hex>(value: text): text => value.toLowerCase() as text

function refused(details: string): SluiceError {
  return new SluiceError({
    code: 'invalid-signature',
    message: 'This signature does not belong to this result.',
    details,
  })
}
