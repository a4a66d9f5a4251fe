import { globSync } from 'node:fs'
import path from 'node:path'

/** A contract, what of it is changed, and the tests that are asked. */
export type Target = {
  readonly contract: string
  /** The file of the contract, and those of contracts that show its libraries to tests. */
  readonly compiled: readonly string[]
  /** The contract and the libraries that no earlier target has. */
  readonly mutated: readonly string[]
  /** Every test that may notice, relative to the repository. */
  readonly tests: readonly string[]
}

const root = path.resolve(import.meta.dirname, '../..')
const source = (contract: string) => `contracts/${contract}.sol`
const test = (name: string) => `test/contracts/${name}.test.ts`
const sources = (contract: string, ...libraries: string[]) => [
  source(contract),
  ...libraries.map((name) => source(`libraries/${name}`)),
]

const functions = ['deposit', 'claim', 'close', 'withdraw', 'requestClose', 'views', 'multicall']
const funding = ['depositWithPermit', 'depositWithAuthorization', 'depositWithPermit2']
const attacks = ['reentrancy', 'replay', 'blocking', 'timing'].map((name) => `attacks/${name}`)

/** A product whose tests lie in a folder of their own. */
function product(contract: string, folder: string, libraries: string[]): Target {
  const tests = globSync(`test/contracts/${folder}/*.test.ts`, { cwd: root })
    .filter((file) => !file.endsWith('largePayout.test.ts'))
    .sort()
  return { contract, compiled: [source(contract)], mutated: sources(contract, ...libraries), tests }
}

const escrow = product('Escrow', 'escrow', ['Fees', 'Milestones', 'Owed', 'Payments'])
const subscriptions = product('Subscriptions', 'subscription', [
  'Allowances',
  'Calendar',
  'Consents',
  'Periods',
  'SubscriptionSlots',
])

/** Every contract that is deployed. */
export const targets: readonly Target[] = [
  {
    contract: 'StreamChannels',
    compiled: [source('StreamChannels')],
    mutated: sources('StreamChannels', 'ChannelSlots', 'Funding', 'Payouts', 'Signatures', 'Vouchers'),
    tests: [...functions, ...funding, 'signatures', ...attacks].map(test),
  },
  { ...escrow, tests: [...escrow.tests, ...['owed', 'payments'].map(test)] },
  product('Tournaments', 'tournament', ['Prizes', 'TournamentTerms']),
  { ...subscriptions, compiled: [...subscriptions.compiled, source('mocks/CalendarHarness')] },
]

/** @throws when there is no such contract */
export function targetOf(contract: string): Target {
  const found = targets.find((target) => target.contract === contract)
  if (found !== undefined) return found
  const known = targets.map((target) => target.contract).join(', ')
  throw new Error(`There is no contract ${contract}; there are ${known}.`)
}
