import { existsSync } from 'node:fs'
import { getChannel } from '@sluice/sdk/channel'
import { systemClock, type PayeeRecord } from '@sluice/sdk/session'
import type { Address, ChannelState, Hex } from '@sluice/sdk'
import { openSqliteStore, type SqliteStore } from '../../store/sqlite.js'
import { shortHex, type TokenInfo } from '../amounts.js'
import { connectChain, contractOn, readToken, type ChainConnection } from '../chain.js'
import type { LoadedConfig } from '../config.js'
import { failure } from '../exit.js'
import type { Output } from '../output.js'
import { reportOf } from '../report.js'
import { payeeRow, type ChannelRow } from './row.js'

/** Reads of one channel each that are under way at a time. */
const readsAtOnce = 8

/**
 * Looks into the payee's database, beside a running server.
 *
 * @param config where it is
 * @param look what to read
 */
export async function withStore<Value>(
  config: LoadedConfig,
  look: (store: SqliteStore) => Promise<Value>,
): Promise<Value> {
  if (!existsSync(config.storePath)) {
    throw failure(`There is no database at ${config.storePath} yet.`, 'The first "sluice serve" makes it.')
  }
  const store = openSqliteStore({ path: config.storePath, clock: systemClock, readOnly: true })
  try {
    return await look(store)
  } finally {
    await store.close()
  }
}

/** Every channel of the payee's database; none before the first start. */
export async function readRecords(config: LoadedConfig): Promise<readonly PayeeRecord[]> {
  if (!existsSync(config.storePath)) return []
  return withStore(config, (store) => store.listAll())
}

/**
 * Channels with what the chain says of them now. When the chain is not reached, what the database says is shown and
 * marked as such.
 *
 * @param config the settings
 * @param records of the database
 * @param output told when the chain was not reached
 */
export async function payeeRows(
  config: LoadedConfig,
  records: readonly PayeeRecord[],
  output: Output,
): Promise<readonly ChannelRow[]> {
  const connection = await reach(config, output)
  const tokens = await tokensOf(config, records, connection)
  const states =
    connection === undefined ? new Map<Hex, ChannelState>() : await readStates(config, records, connection)
  return records.map((record) => {
    const token = tokens.get(record.channel.token) ?? config.token
    const place = { chainId: config.chainId, contract: contractOn(config.contract), token }
    return payeeRow(record, place, states.get(record.channelId))
  })
}

async function reach(config: LoadedConfig, output: Output): Promise<ChainConnection | undefined> {
  try {
    return await connectChain(config.rpc, config.chainId)
  } catch (error) {
    output.warn(`${reportOf(error).message} Shown is what the database says.`)
    return undefined
  }
}

async function tokensOf(
  config: LoadedConfig,
  records: readonly PayeeRecord[],
  connection: ChainConnection | undefined,
): Promise<ReadonlyMap<Address, TokenInfo>> {
  const tokens = new Map<Address, TokenInfo>([[config.token.address, config.token]])
  for (const { channel } of records) {
    if (tokens.has(channel.token)) continue
    // A channel of earlier settings: without the chain nobody can say what its token is called.
    const unknown: TokenInfo = { address: channel.token, symbol: shortHex(channel.token), decimals: 0 }
    tokens.set(channel.token, connection === undefined ? unknown : await readToken(connection, channel.token))
  }
  return tokens
}

async function readStates(
  config: LoadedConfig,
  records: readonly PayeeRecord[],
  { client }: ChainConnection,
): Promise<ReadonlyMap<Hex, ChannelState>> {
  const contract = contractOn(config.contract)
  // What is closed stays closed: the database is right about it.
  const open = records.filter(({ closed }) => !closed)
  const states = new Map<Hex, ChannelState>(
    records.filter(({ closed }) => closed).map((each) => [each.channelId, each]),
  )
  for (let start = 0; start < open.length; start += readsAtOnce) {
    const part = open.slice(start, start + readsAtOnce)
    await Promise.all(
      part.map(async ({ channelId }) =>
        states.set(channelId, await getChannel(client, { channelId, contract })),
      ),
    )
  }
  return states
}
