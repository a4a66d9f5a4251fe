import { parseArgs } from 'node:util'

/** What the person asked for. */
export type Options = {
  /** Name of a network in hardhat.config.ts. */
  readonly network: string
  /** Address of a node, instead of a network. */
  readonly rpc: string | undefined
  /** Send on a public chain without being asked. */
  readonly yes: boolean
  /** Send nothing. */
  readonly dryRun: boolean
  /** Where records are kept. */
  readonly deployments: string
}

export const usage = `Usage: npm run deploy -- (--network NAME | --rpc URL) [--dry-run] [--yes] [--deployments DIRECTORY]

Puts StreamChannels onto a chain, at the same address everywhere, and writes deployments/<chainId>.json.
SLUICE_DEPLOYER_KEY holds the key of the account that pays; without it a node's own first account does.
On a public chain nothing is sent unless you type the chain's name, or give --yes.`

/** Reads the command line. Throws with a message for the person when it makes no sense. */
export function readOptions(args: readonly string[], deployments: string): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      network: { type: 'string' },
      rpc: { type: 'string' },
      yes: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      deployments: { type: 'string', default: deployments },
    },
  })
  const { network, rpc } = values
  if ((network === undefined) === (rpc === undefined)) throw new Error('Give either --network or --rpc.')
  if (rpc !== undefined && !URL.canParse(rpc)) throw new Error(`--rpc ${rpc} is not a URL.`)
  return {
    network: network ?? 'custom',
    rpc,
    yes: values.yes,
    dryRun: values['dry-run'],
    deployments: values.deployments,
  }
}
