import { defineConfig } from 'hardhat/config'
import config, { local, quick } from './hardhat.config.ts'

/**
 * Coverage instruments what it compiles: that must not end up among the artifacts that everything else uses. What is
 * instrumented is larger than a contract may be, and compiled the quick way, as its gas is not what is asked.
 */
export default defineConfig({
  ...config,
  solidity: { compilers: [quick] },
  paths: { ...config.paths, artifacts: 'cache/coverage/artifacts', cache: 'cache/coverage/cache' },
  networks: { ...config.networks, default: { ...local, allowUnlimitedContractSize: true } },
})
