/** ABIs as constants, for viem, ethers and anything else that reads them. */
export * from './contracts.js'
export { erc20Abi } from './erc20.js'
export { erc1271Abi, erc2612Abi, erc3009Abi, permit2Abi, tokenDomainAbi } from './permit.js'
