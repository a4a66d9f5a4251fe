import { defineConfig } from 'hardhat/config'
import config, { local, quick } from './hardhat.config.ts'

/**
 * Coverage instruments what it compiles: that must not end up among the artifacts that everything else uses. What is
 * instrumented is larger than a contract may be, and compiled the quick way, as its gas is not what is asked. It gives
 * way to the tests beside it, and may wait long for its turn.
 */
export default defineConfig({
  ...config,
  solidity: { compilers: [quick] },
  paths: { ...config.paths, artifacts: 'cache/coverage/artifacts', cache: 'cache/coverage/cache' },
  test: { ...config.test, mocha: { timeout: 900_000 } },
  networks: { ...config.networks, default: { ...local, allowUnlimitedContractSize: true } },
})
