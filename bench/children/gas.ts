// Run by `hardhat run`, which knows how to load the TypeScript of the contracts' tests. Prints one line of JSON.
import { network } from 'hardhat'
import { measureGas } from '../../test/contracts/measureGas.js'

console.log(JSON.stringify(await measureGas(await network.create())))
