/** ABIs as constants, for viem, ethers and anything else that reads them. */
export { erc20Abi } from './erc20.js'
export { erc1271Abi, erc2612Abi, erc3009Abi, permit2Abi, tokenDomainAbi } from './permit.js'
export { streamChannelsAbi } from './streamChannels.js'
export { streamChannelsErrors } from './streamChannelsErrors.js'
export { streamChannelsEvents } from './streamChannelsEvents.js'
export { streamChannelsFunctions } from './streamChannelsFunctions.js'
