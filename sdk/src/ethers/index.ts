/** ethers v6 signers where the SDK expects a viem account or client. */
export { ethersAccount } from './account.js'
export { fromEthersSigner } from './wallet.js'
