import { defineConfig } from 'hardhat/config'
import project, { local } from './hardhat.config.ts'

export default defineConfig({
  ...project,
  paths: { ...project.paths, artifacts: process.env['SLUICE_ARTIFACTS'] ?? './artifacts' },
  networks: { ...project.networks, default: { ...local, allowUnlimitedContractSize: true } },
})
