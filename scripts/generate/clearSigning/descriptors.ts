import type { Abi, AbiFunction, AbiParameter } from 'viem'
import type { ContractEntry } from '../contracts.ts'
import type { Description, Descriptor, Wording } from './descriptor.ts'
import { escrow } from './escrow.ts'
import { authorization, permit2 } from './funding.ts'
import { streamChannels } from './streamChannels.ts'
import { subscriptions } from './subscriptions.ts'
import { tournaments } from './tournaments.ts'

/** In which version of the standard the files are written. */
const $schema = 'https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json'

/** The contract of Permit2 is at this address on every chain that has it. */
const permit2Address = '0x000000000022D473030F116dDEE9F6B43aC78BA3'

const descriptions: Readonly<Record<string, Description>> = {
  streamChannels,
  escrow,
  tournaments,
  subscriptions,
}

/** Only the contract itself can call these. */
const internalCalls = new Set(['pull'])

/** Where something is. */
export type Deployed = { readonly chainId: number; readonly address: string }

/** What is described: a contract, what it can be called with, and where it is. */
export type Described = {
  readonly entry: ContractEntry
  readonly abi: readonly unknown[]
  readonly deployments: readonly Deployed[]
}

/**
 * The ERC-7730 files by which wallets show calls of the contracts and what is signed for them.
 *
 * @param described every contract
 * @returns text by file name
 * @throws when a function has no description, or a description no function
 */
export function descriptorFiles(described: readonly Described[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const { entry, abi, deployments } of described) {
    const description = descriptions[entry.name]
    if (description === undefined) throw new Error(`${entry.contract} has no description for wallets`)
    const { enums, messages } = description
    const metadata = { owner: 'Sluice', contractName: entry.contract, ...(enums && { enums }) }
    const formats = callFormats(entry.contract, abi, description)
    const calls = { $schema, context: { contract: { deployments } }, metadata, display: { formats } }
    files.set(`calldata-${entry.name}.json`, textOf(calls))
    const context = { eip712: { domain: entry.domain, deployments } }
    const typed = { $schema, context, metadata, display: { formats: messages } }
    files.set(`eip712-${entry.name}.json`, textOf(typed))
  }
  files.set(
    'eip712-permit2.json',
    textOf(messagesOf(permit2, 'Permit2', domainOf('Permit2', permit2Address))),
  )
  // Each token has a domain of its own: its description includes this file and adds the domain.
  files.set('eip712-authorization.json', textOf(messagesOf(authorization, 'ERC-3009', {})))
  return files
}

function domainOf(name: string, verifyingContract: string) {
  return { domain: { name, verifyingContract } }
}

function messagesOf(
  formats: Readonly<Record<string, Wording>>,
  contractName: string,
  eip712: object,
): Descriptor {
  return {
    $schema,
    context: { eip712 },
    metadata: { owner: 'Sluice', contractName },
    display: { formats },
  }
}

function callFormats(contract: string, abi: readonly unknown[], { calls }: Description) {
  const functions = (abi as Abi)
    .filter((item): item is AbiFunction => item.type === 'function')
    .filter(
      ({ stateMutability, name }) => !['view', 'pure'].includes(stateMutability) && !internalCalls.has(name),
    )
  for (const name of Object.keys(calls)) {
    if (!functions.some((called) => called.name === name)) {
      throw new Error(`${contract} has no function ${name}, which is described for wallets`)
    }
  }
  return Object.fromEntries(
    functions.map((called) => {
      const wording = calls[called.name]
      if (wording === undefined) throw new Error(`${contract}.${called.name} has no description for wallets`)
      return [`${called.name}(${called.inputs.map(parameterText).join(', ')})`, wording]
    }),
  )
}

/** A parameter with its name, and the names of all that it is made of. */
function parameterText(parameter: AbiParameter): string {
  const { type, name } = parameter
  if (!('components' in parameter)) return `${type} ${name ?? ''}`
  const parts = parameter.components.map(parameterText).join(', ')
  return `(${parts})${type.slice('tuple'.length)} ${name ?? ''}`
}

function textOf(descriptor: Descriptor): string {
  return `${JSON.stringify(descriptor, null, 2)}\n`
}
