import { createRequire } from 'node:module'
import { configVariable, defineConfig, overrideTask } from 'hardhat/config'
import hardhatEthers from '@nomicfoundation/hardhat-ethers'
import hardhatEthersChaiMatchers from '@nomicfoundation/hardhat-ethers-chai-matchers'
import hardhatIgnitionEthers from '@nomicfoundation/hardhat-ignition-ethers'
import hardhatMocha from '@nomicfoundation/hardhat-mocha'
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers'
import hardhatTypechain from '@nomicfoundation/hardhat-typechain'
import hardhatVerify from '@nomicfoundation/hardhat-verify'

const solcPath = createRequire(import.meta.url).resolve('solc/soljson.js')

// The key that pays for deployments. Without one the node's own accounts are used, which public nodes do not have.
const accounts =
  process.env['SLUICE_DEPLOYER_KEY'] === undefined ? 'remote' : [configVariable('SLUICE_DEPLOYER_KEY')]

/** The long run: `npm run test:deep`. */
const deep = process.env['SLUICE_DEEP'] === '1'

/** What nobody deploys, mocks and tests, is compiled the quick way: the other takes minutes over them. */
export const quick = {
  version: '0.8.37',
  path: solcPath,
  settings: { evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 } },
}

const thorough = (runs: number) => ({
  ...quick,
  settings: { evmVersion: 'cancun', viaIR: true, optimizer: { enabled: true, runs } },
})

/** The chain that tests run on. */
export const local = { type: 'edr-simulated', hardfork: 'osaka' } as const

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatIgnitionEthers,
    hardhatMocha,
    hardhatNetworkHelpers,
    hardhatTypechain,
    hardhatVerify,
  ],
  solidity: {
    compilers: [quick],
    overrides: {
      'contracts/StreamChannels.sol': thorough(1_000_000),
      // Constants are then computed instead of spelled out, without which none would fit the 24,576 bytes of a contract.
      'contracts/Escrow.sol': thorough(1_000),
      'contracts/Tournaments.sol': thorough(200),
      'contracts/Subscriptions.sol': thorough(200),
      // Gas is measured with it.
      'contracts/mocks/PlainToken.sol': thorough(1_000_000),
    },
  },
  paths: { tests: { solidity: 'test/contracts/solidity' } },
  tasks: [
    overrideTask('test')
      .setAction(() => import('./test/support/endRun.ts'))
      .build(),
  ],
  test: {
    solidity: {
      fuzz: { runs: deep ? 10_000 : 1_000 },
      // A handler that reverts has found something: handlers predict every outcome.
      invariant: { runs: deep ? 1_000 : 256, depth: 100, failOnRevert: true },
    },
  },
  networks: {
    default: local,
    // A node on this machine, such as `npx hardhat node`.
    localhost: { type: 'http', url: 'http://127.0.0.1:8545' },
    // Whatever --rpc of `npm run deploy` names.
    custom: { type: 'http', url: configVariable('SLUICE_RPC_URL'), accounts },
    ethereum: { type: 'http', url: 'https://ethereum-rpc.publicnode.com', accounts },
    sepolia: { type: 'http', url: 'https://ethereum-sepolia-rpc.publicnode.com', accounts },
    base: { type: 'http', url: 'https://mainnet.base.org', accounts },
    baseSepolia: { type: 'http', url: 'https://sepolia.base.org', accounts },
    optimism: { type: 'http', url: 'https://mainnet.optimism.io', accounts },
    arbitrum: { type: 'http', url: 'https://arb1.arbitrum.io/rpc', accounts },
    polygon: { type: 'http', url: 'https://polygon-bor-rpc.publicnode.com', accounts },
  },
})
