import { parseArgs } from 'node:util'
import { contractNames, type ContractName, readContractNames } from '../../server/dist/deploy/artifact.js'

/** What the person asked for. */
export type Options = {
  /** Name of a network in hardhat.config.ts. */
  readonly network: string
  /** Address of a node, instead of a network. */
  readonly rpc: string | undefined
  /** Which contracts, as typed; see `chooseContracts`. */
  readonly contract: string | undefined
  /** Send on a public chain without being asked. */
  readonly yes: boolean
  /** Send nothing. */
  readonly dryRun: boolean
  /** Where records are kept. */
  readonly deployments: string
}

export const usage = `Usage: npm run deploy -- (--network NAME | --rpc URL) [--contract NAME[,NAME]|all]
                             [--dry-run] [--yes] [--deployments DIRECTORY]

Puts contracts onto a chain, each at the same address everywhere, and writes deployments/<chainId>.json.
They are: ${contractNames.join(', ')}. A local chain gets all unless you name some; on others you choose.
SLUICE_DEPLOYER_KEY holds the key of the account that pays; without it a node's own first account does.
On a public chain nothing is sent unless you type the chain's name, or give --yes.`

/** The command line makes no sense; the message is for the person. */
export class UsageError extends Error {}

/** Reads the command line. Throws with a message for the person when it makes no sense. */
export function readOptions(args: readonly string[], deployments: string): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      network: { type: 'string' },
      rpc: { type: 'string' },
      contract: { type: 'string' },
      yes: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      deployments: { type: 'string', default: deployments },
    },
  })
  const { network, rpc } = values
  if ((network === undefined) === (rpc === undefined)) throw new UsageError('Give either --network or --rpc.')
  if (rpc !== undefined && !URL.canParse(rpc)) throw new UsageError(`--rpc ${rpc} is not a URL.`)
  return {
    network: network ?? 'custom',
    rpc,
    contract: values.contract,
    yes: values.yes,
    dryRun: values['dry-run'],
    deployments: values.deployments,
  }
}

/**
 * The contracts that were asked for.
 *
 * @param text of `--contract`
 * @param isLocal whether the chain lives on this machine only, where everything may go without being named
 */
export function chooseContracts(text: string | undefined, isLocal: boolean): readonly ContractName[] {
  if (text === undefined && !isLocal) throw new UsageError('Give --contract: this costs real money.')
  const chosen = readContractNames(text ?? 'all')
  if (chosen === undefined) throw new UsageError(`--contract ${text ?? ''} names no contract.`)
  return chosen
}
