// Run by `hardhat run`, which knows how to load the TypeScript of the contracts' tests. Prints one line of JSON.
import { network } from 'hardhat'
import { measureChannels } from '../../test/contracts/gas/streamChannels.js'

console.log(JSON.stringify(await measureChannels(await network.create())))
