import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { PrivateKeyAccount } from 'viem'

/** Somebody who plays. */
export type Player = { readonly name: string; readonly account: PrivateKeyAccount }

const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gia', 'Hal'] as const

/** Eight players with wallets made for this run: they own no coin, so they could not pay for gas. */
export function createPlayers(): readonly Player[] {
  return names.map((name) => ({ name, account: privateKeyToAccount(generatePrivateKey()) }))
}
