import {
  createPayee,
  createStandalone,
  createTelemetry,
  machineReader,
  telemetryPeriodMs,
} from '@sluice/server'
import { http, type Address } from 'viem'
import { hardhat } from 'viem/chains'
import { operator, operatorKey, streamer } from './accounts.ts'

/** What the tour tells the payee it starts. */
export type PayeeOrders = {
  readonly rpc: string
  readonly contract: Address
  readonly token: Address
  readonly store: string
  readonly port: number
  readonly price: string
}

const orders = JSON.parse(process.argv[2] ?? '{}') as PayeeOrders

const payee = await createPayee({
  account: operator,
  privateKey: operatorKey,
  payee: streamer,
  chain: hardhat,
  transport: http(orders.rpc),
  contract: orders.contract,
  token: orders.token,
  price: orders.price,
  store: orders.store,
  title: 'The pulse of this machine',
})

payee.feed(async function* (_, signal) {
  const sample = createTelemetry(machineReader())
  while (!signal.aborted) {
    yield { units: BigInt(telemetryPeriodMs), payload: sample() }
    await new Promise((resolve) => setTimeout(resolve, telemetryPeriodMs))
  }
})

const { url } = await createStandalone(payee, { host: '127.0.0.1', port: orders.port })
process.send?.({ url })
process.on('SIGTERM', () => {
  void payee.close('the tour is over').then(() => process.exit(0))
})
