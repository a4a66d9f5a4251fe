import type { Address } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/**
 * The well-known public keys of development chains (Hardhat's accounts 0, 1, 2 and 4). Everybody has them: on a chain with
 * real value, whatever is sent to them is stolen at once.
 */
const publicTestKeys = {
  deployer: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  viewer: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  operator: '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  secondViewer: '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
} as const

export const deployer = privateKeyToAccount(publicTestKeys.deployer)
export const viewer = privateKeyToAccount(publicTestKeys.viewer)
export const secondViewerKey = publicTestKeys.secondViewer
export const secondViewer = privateKeyToAccount(publicTestKeys.secondViewer)
export const operatorKey = publicTestKeys.operator
export const operator = privateKeyToAccount(publicTestKeys.operator)

/** The streamer's wallet. Nothing here has its key: it receives and never signs. */
export const streamer: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
