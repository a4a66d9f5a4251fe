import type { Address } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/**
 * The well-known public keys of development chains (Hardhat's accounts 0, 1, 2, 4, 5, 6 and 8). Everybody has them: on a chain with
 * real value, whatever is sent to them is stolen at once.
 */
const publicTestKeys = {
  deployer: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  viewer: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  operator: '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  secondViewer: '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
  host: '0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba',
  keeper: '0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e',
  sponsor: '0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97',
} as const

export const deployer = privateKeyToAccount(publicTestKeys.deployer)
export const viewerKey = publicTestKeys.viewer
export const viewer = privateKeyToAccount(publicTestKeys.viewer)
export const secondViewerKey = publicTestKeys.secondViewer
export const secondViewer = privateKeyToAccount(publicTestKeys.secondViewer)
export const operatorKey = publicTestKeys.operator
export const operator = privateKeyToAccount(publicTestKeys.operator)

/** The streamer's wallet. Nothing here has its key: it receives and never signs. */
export const streamer: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'

/** Creates the tournament and reports its result. */
export const host = privateKeyToAccount(publicTestKeys.host)

/** Submits what players sign, and pays the winners. */
export const keeper = privateKeyToAccount(publicTestKeys.keeper)

export const sponsor = privateKeyToAccount(publicTestKeys.sponsor)

/** Would decide a dispute. Nothing here has its key, as nobody disputes. */
export const referee: Address = '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955'
