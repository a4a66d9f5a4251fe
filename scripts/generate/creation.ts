import { getContractAddress, keccak256, stringToHex, type Address, type Hex } from 'viem'
import type { Compiled } from './compile.ts'
import type { ContractEntry } from './contracts.ts'

/** The deterministic deployment proxy, at this address on nearly every chain; see `server/src/deploy/target.ts`. */
const creator = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

/** Fixed for a version of the contract: the same code then stands at the same address on every chain. */
export function saltOf({ domain }: ContractEntry): Hex {
  return keccak256(stringToHex(`${domain.name} ${domain.version}`))
}

/** Where the creation code puts the contract on every chain. */
export function creationAddress(entry: ContractEntry, compiled: Compiled): Address {
  return getContractAddress({
    opcode: 'CREATE2',
    from: creator,
    salt: saltOf(entry),
    bytecode: `0x${compiled.bytecode}`,
  })
}
