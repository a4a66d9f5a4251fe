import { defineConfig } from 'hardhat/config'
import config from './hardhat.config.ts'

/** Coverage instruments what it compiles: that must not end up among the artifacts that everything else uses. */
export default defineConfig({
  ...config,
  paths: { ...config.paths, artifacts: 'cache/coverage/artifacts', cache: 'cache/coverage/cache' },
})
