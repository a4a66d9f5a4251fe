import { formatEther } from 'viem'
import { getBalance, getBlock, getGasPrice } from 'viem/actions'
import { zeroAddress, type Address } from '@sluice/sdk'
import { isLocalChain } from '../../deploy/chains.js'
import { artifactOf } from '../../deploy/artifact.js'
import { verifyDeployment } from '../../deploy/verify.js'
import { connectChain, contractOn, readToken, type ChainConnection } from '../chain.js'
import type { LoadedConfig } from '../config.js'
import type { Io } from '../io.js'
import { reportOf, shortUrl } from '../report.js'
import { operatorOf } from './authority.js'
import { fail, ok, warn, type Finding } from './finding.js'

/** Gas of one settlement with a close, rounded up. */
const settlementGas = 100_000n

/** Seconds by which a block may be ahead of this machine: blocks are made by other clocks. */
const toleratedAhead = 15

/** Seconds after which the newest block of a public chain is suspiciously old. */
const toleratedAge = 120

/** Everything that needs the node; one failure when it does not answer. */
export async function checkChain(io: Io, config: LoadedConfig, nowMs: number): Promise<readonly Finding[]> {
  let connection: ChainConnection
  try {
    connection = await connectChain(config.rpc, config.chainId)
  } catch (error) {
    const { message, advice } = reportOf(error)
    return [fail('rpc', message, advice ?? 'Check "rpc" in the settings.')]
  }
  const { name, id } = connection.chain
  return [
    ok('rpc', `${shortUrl(config.rpc)} is on ${name} (${id})`),
    await attempt('clock', () => checkClock(connection, nowMs)),
    await attempt('contract', () => checkContract(connection, contractOn(config.contract))),
    await attempt('token', () => checkToken(connection, config)),
    await attempt('gas', () => checkGas(connection, io, config)),
  ]
}

async function attempt(name: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check()
  } catch (error) {
    const { message, advice, details } = reportOf(error)
    return fail(
      name,
      [message, details[0]].filter((text) => text !== undefined).join(' '),
      advice ?? 'Check the settings.',
    )
  }
}

async function checkClock({ client, chain }: ChainConnection, nowMs: number): Promise<Finding> {
  const { timestamp } = await getBlock(client, { blockTag: 'latest' })
  const age = Math.floor(nowMs / 1000) - Number(timestamp)
  // A local chain makes a block when there is something to put into it, and its time may have been moved on purpose.
  if (isLocalChain(chain.id)) return ok('clock', `the newest block is ${age} s old (a local chain)`)
  if (age < -toleratedAhead) {
    return fail('clock', `this machine's clock is ${-age} s behind the newest block`, 'Set the clock (NTP).')
  }
  if (age > toleratedAge) {
    return warn(
      'clock',
      `the newest block is ${age} s old`,
      'Either the node lags or the clock is ahead: check both.',
    )
  }
  return ok('clock', `the newest block is ${age} s old`)
}

async function checkContract({ client, chain }: ChainConnection, contract: Address): Promise<Finding> {
  const codeHash = await verifyDeployment(client, artifactOf('streamChannels'), contract)
  if (codeHash !== undefined) return ok('contract', `${contract}, code verified`)
  return fail(
    'contract',
    `there is nothing at ${contract} on ${chain.name}`,
    'Run "sluice deploy --contract streamChannels".',
  )
}

async function checkToken(connection: ChainConnection, { token }: LoadedConfig): Promise<Finding> {
  const found = await readToken(connection, token.address)
  if (found.decimals !== token.decimals) {
    return fail(
      'token',
      `${token.address} has ${found.decimals} decimals, the settings say ${token.decimals}`,
      'Correct "token.decimals" in the settings: every price depends on it.',
    )
  }
  if (found.symbol !== token.symbol) {
    return warn(
      'token',
      `${token.address} calls itself ${found.symbol}, the settings say ${token.symbol}`,
      'Correct "token.symbol".',
    )
  }
  return ok(
    'token',
    token.address === zeroAddress
      ? `${token.symbol}, the chain's own coin`
      : `${token.symbol} at ${token.address}`,
  )
}

async function checkGas({ client, chain }: ChainConnection, io: Io, config: LoadedConfig): Promise<Finding> {
  const address = await operatorOf(io, config)
  if (address === undefined)
    return warn('gas', 'unknown: the key file does not name its account', 'Set the passphrase.')
  const [balance, price] = await Promise.all([getBalance(client, { address }), getGasPrice(client)])
  const left = price === 0n ? undefined : balance / (price * settlementGas)
  const held = `${address} has ${formatEther(balance)} ${chain.nativeCurrency.symbol}`
  const advice = `Send some ${chain.nativeCurrency.symbol} to ${address}.`
  if (left === 0n) return fail('gas', `${held}: not enough for one settlement`, advice)
  if (left !== undefined && left < 20n) return warn('gas', `${held}: enough for ${left} settlements`, advice)
  return ok('gas', held)
}
