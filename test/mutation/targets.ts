import { globSync } from 'node:fs'
import path from 'node:path'

/** A contract, what of it is changed, and the tests that are asked. */
export type Target = {
  readonly contract: string
  /** The contract and the libraries that no earlier target has. */
  readonly mutated: readonly string[]
  /** Every test that may notice, relative to the repository. */
  readonly everything: readonly string[]
  /** The tests most likely to notice a change in a file; the others are asked when these do not. */
  readonly likely: (file: string) => readonly string[]
}

const root = path.resolve(import.meta.dirname, '../..')
const test = (name: string) => `test/contracts/${name}.test.ts`
const sources = (contract: string, ...libraries: string[]) => [
  `contracts/${contract}.sol`,
  ...libraries.map((name) => `contracts/libraries/${name}.sol`),
]

const functions = ['deposit', 'claim', 'close', 'withdraw', 'requestClose', 'views', 'multicall'].map(test)
const funding = ['depositWithPermit', 'depositWithAuthorization', 'depositWithPermit2'].map(test)
const attacks = ['reentrancy', 'replay', 'blocking', 'timing'].map((name) => test(`attacks/${name}`))
const signatures = [test('signatures')]

const channels: Target = {
  contract: 'StreamChannels',
  mutated: sources('StreamChannels', 'ChannelSlots', 'Funding', 'Payouts', 'Signatures', 'Vouchers'),
  everything: [...functions, ...funding, ...signatures, ...attacks],
  likely: (file) => {
    if (file.endsWith('Funding.sol')) return [test('deposit'), ...funding]
    if (file.endsWith('Signatures.sol')) return signatures
    if (file.endsWith('Payouts.sol')) return ['claim', 'close', 'withdraw'].map(test)
    return functions
  },
}

/** A product whose tests lie in a folder of their own. */
function product(contract: string, folder: string, libraries: string[], shared: string[] = []): Target {
  const own = globSync(`test/contracts/${folder}/*.test.ts`, { cwd: root })
    .filter((file) => !file.endsWith('largePayout.test.ts'))
    .sort()
  const common = shared.map(test)
  return {
    contract,
    mutated: sources(contract, ...libraries),
    everything: [...own, ...common],
    likely: (file) => (/(Owed|Payments)\.sol$/.test(file) && common.length > 0 ? common : own),
  }
}

/** Every contract that is deployed. */
export const targets: readonly Target[] = [
  channels,
  product('Escrow', 'escrow', ['Fees', 'Milestones', 'Owed', 'Payments'], ['owed', 'payments']),
  product('Tournaments', 'tournament', ['Prizes', 'TournamentTerms']),
  product('Subscriptions', 'subscription', [
    'Allowances',
    'Calendar',
    'Consents',
    'Periods',
    'SubscriptionSlots',
  ]),
]
