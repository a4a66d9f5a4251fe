import path from 'node:path'
import {
  createPayee,
  createStandalone,
  createTelemetry,
  machineReader,
  servePages,
  telemetryPeriodMs,
  type Payee,
} from '@sluice/server'
import { openStage, type LiveStage } from '@sluice/server/stage'
import { openStudio } from '@sluice/server/studio'
import { Hono } from 'hono'
import { http, type Address, type Hex } from 'viem'
import { hardhat } from 'viem/chains'
import { operator, operatorKey, streamer } from './accounts.ts'

/** What a payee is told that is started here. */
export type PayeeOrders = {
  readonly rpc: string
  readonly contract: Address
  readonly token: Address
  readonly store: string
  readonly port: number
  readonly price: string
  /** Sells a live picture, and serves the pages; default: this machine's telemetry. */
  readonly stage?: {
    readonly streamKey: string
    readonly title: string
    readonly chainName: string
    /** Keys of funded wallets that the pages offer. */
    readonly demoKeys: readonly Hex[]
  }
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
  title: orders.stage?.title ?? 'The pulse of this machine',
})

const app = orders.stage === undefined ? feedTelemetry(payee) : await putOnStage(payee, orders.stage)
const { url } = await createStandalone(payee, { host: '127.0.0.1', port: orders.port, app })
process.send?.({ url })
process.on('SIGTERM', () => {
  void payee.close('the tour is over').then(() => process.exit(0))
})

function feedTelemetry(seller: Payee): Hono {
  seller.feed(async function* (_, signal) {
    const sample = createTelemetry(machineReader())
    while (!signal.aborted) {
      yield { units: BigInt(telemetryPeriodMs), payload: sample() }
      await new Promise((resolve) => setTimeout(resolve, telemetryPeriodMs))
    }
  })
  return seller.app
}

async function putOnStage(seller: Payee, stage: NonNullable<PayeeOrders['stage']>): Promise<Hono> {
  const { streamKey, chainName, demoKeys } = stage
  const root = new Hono()
  const pages = await servePages({
    payee: seller,
    folder: path.resolve(import.meta.dirname, '../../app/dist'),
    chainName,
    rpcUrl: orders.rpc,
    stage: true,
    tokenPriceUsd: '1.00',
    demoKeys,
  })
  const studio = await openStudio(seller, {
    origin: () => `http://127.0.0.1:${String(orders.port)}`,
    streamKey,
    stageStatus: () => live.status(),
  })
  const live: LiveStage = openStage(seller, { streamKey: studio.streamKey })
  root.route('/', pages)
  root.route('/', live.routes)
  root.route('/', studio.routes)
  root.route('/', seller.app)
  return root
}
