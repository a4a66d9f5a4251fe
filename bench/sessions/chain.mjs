import { custom, decodeFunctionData, encodeFunctionResult } from 'viem'
import { streamChannelsAbi } from '../../sdk/dist/abi/index.js'
import { streamChannels } from '../../server/dist/artifacts/streamChannels.js'
import { runtimeCode } from '../../server/dist/deploy/runtimeCode.js'
import { deployment, deposited } from '../fixture.mjs'

const hash = `0x${'ab'.repeat(32)}`

/**
 * A viem transport to a chain on which nothing happens: the genuine contract is there, and every channel it is asked
 * about was opened a day ago with more in it than any measurement spends.
 */
export function createConstantChain() {
  const now = Math.floor(Date.now() / 1000)
  const block = {
    number: '0x64',
    hash,
    parentHash: hash,
    timestamp: `0x${now.toString(16)}`,
    baseFeePerGas: '0x3b9aca00',
    gasLimit: '0x1c9c380',
    gasUsed: '0x0',
    difficulty: '0x0',
    totalDifficulty: '0x0',
    size: '0x0',
    nonce: '0x0000000000000000',
    transactions: [],
  }
  const openedAt = now - 86_400
  const answers = {
    eth_chainId: () => `0x${deployment.chainId.toString(16)}`,
    eth_blockNumber: () => block.number,
    eth_getBlockByNumber: () => block,
    eth_getLogs: () => [],
    eth_getCode: () => runtimeCode(streamChannels, deployment.chainId, deployment.contract),
    eth_call: ([{ data }]) => {
      const { functionName } = decodeFunctionData({ abi: streamChannelsAbi, data })
      const result = [deposited, 0n, openedAt, 0, false]
      return encodeFunctionResult({ abi: streamChannelsAbi, functionName, result })
    },
  }
  return custom({
    async request({ method, params }) {
      const answer = answers[method]
      if (answer === undefined) throw new Error(`this chain does not answer ${method}`)
      return answer(params)
    },
  })
}
