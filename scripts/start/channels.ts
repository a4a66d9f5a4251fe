import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createWalletClient, http } from 'viem'
import { createSluice, formatAmount, type FinalReceipt, type Stream } from '@sluice/sdk'
import { createFileKeyStore, createFileStore, loadNodeCrypto } from '@sluice/sdk/node'
import { connectWebSocket, type Meter, type Transport } from '@sluice/sdk/session'
import { allExact, type Check } from './checks.ts'
import { operator, secondViewer, secondViewerKey, streamer, viewer } from './accounts.ts'
import { freePort, mint, putContracts, startChain, type Contracts, type LocalChain } from './chain.ts'
import { gasSince, readBalances, transferGas, type Balances } from './ledger.ts'
import { startPayee, type PayeeChild } from './payee.ts'
import type { Part } from './part.ts'
import type { Screen } from './screen.ts'

const price = '0.002/s'
const budget = '5.00'
const tip = '0.50'
const fortune = 100_000_000n
const decimals = 6

/** The tour of stream channels: everything a viewer can go through, and every base unit accounted for. */
export const channels: Part = {
  name: 'channels',
  about: 'a viewer pays a stream by the second, from deposit to refund',
  run: channelsTour,
}

async function channelsTour(screen: Screen, options: { readonly serve: boolean }): Promise<boolean> {
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-'))
  const cleanUp: (() => Promise<void>)[] = [() => rm(home, { recursive: true, force: true })]
  try {
    screen.step('Starting a chain on this machine')
    const local = await startChain()
    cleanUp.unshift(() => local.stop())
    screen.say(local.url)

    screen.step('Deploying')
    const contracts = await putContracts(local)
    await mint(local, contracts.token, [viewer.address, secondViewer.address, streamer], fortune)
    screen.table([
      ['StreamChannels', contracts.channels],
      ['token', `${contracts.token} (behaves like USDC)`],
    ])

    screen.step(`Starting the payee: this machine's own telemetry, ${price}`)
    const port = await freePort()
    const start = (): Promise<PayeeChild> =>
      startPayee({
        rpc: local.url,
        contract: contracts.channels,
        token: contracts.token,
        store: path.join(home, 'payee.db'),
        port,
        price,
      })
    const payee = { current: await start() }
    cleanUp.unshift(() => payee.current.stop())
    screen.say(payee.current.url)

    const exact = await watch({ screen, local, contracts, home, payee, restart: start })
    if (options.serve) await serve(screen, local, contracts, payee.current)
    return exact
  } finally {
    for (const step of cleanUp) await step()
  }
}

type Stage = {
  readonly screen: Screen
  readonly local: LocalChain
  readonly contracts: Contracts
  readonly home: string
  readonly payee: { current: PayeeChild }
  readonly restart: () => Promise<PayeeChild>
}

async function watch(stage: Stage): Promise<boolean> {
  const { screen, local, contracts, home, payee } = stage
  const holders = { viewer: viewer.address, streamer, contract: contracts.channels }
  const before = await readBalances(local.client, contracts.token, holders)
  const block = await local.client.getBlockNumber()

  screen.step(`A viewer opens a stream with a budget of ${budget} USDC`)
  const connections: Transport[] = []
  const sluice = createSluice({
    wallet: createWalletClient({ account: viewer, chain: local.chain, transport: http(local.url) }),
    store: createFileStore({ directory: path.join(home, 'viewer/channels') }),
    keys: createFileKeyStore({ directory: path.join(home, 'viewer/keys') }),
    crypto: await loadNodeCrypto(),
    connect: async (url) => {
      const connection = await connectWebSocket(url)
      connections.push(connection)
      return connection
    },
  })
  const stream = await sluice.open({
    payee: payee.current.url,
    budget,
    onStep: ({ index, of, title }) => {
      screen.say(`${String(index)} of ${String(of)}: ${title}`)
    },
  })
  screen.say(`channel ${stream.channelId}`)

  const seen = observe(stream, screen)
  screen.step('Watching: a voucher a second, nothing on the chain')
  stream.play()
  await seen.samples(60)

  screen.step(`Tipping ${tip} USDC`)
  await stream.tip(tip, 'gg!')
  screen.say('stored by the payee')

  screen.step('Pausing: the meter stands still')
  stream.pause()
  await seen.receipts(1)
  const paused = stream.record().units
  await rest(1500)
  const stoodStill = stream.record().units === paused
  screen.say(stoodStill ? 'nothing was charged' : 'something was charged: that is wrong')
  stream.play()
  await seen.samples(15)

  screen.step("Cutting the viewer's connection")
  connections.at(-1)?.close('cut')
  await seen.samples(20)
  screen.say(`resumed on connection ${String(connections.length)}`)

  screen.step('Killing the payee with SIGKILL and starting it again')
  await payee.current.kill()
  payee.current = await stage.restart()
  await seen.samples(20)
  screen.say('resumed where it was')

  screen.step('Stopping: the payee closes the channel on the chain')
  const receipt = await stream.stop()
  const after = await readBalances(local.client, contracts.token, holders)
  const gas = await gasSince(local.client, block)
  report(stage, { receipt, stream, seen, before, after, gas, transfer: await oneTransfer(stage) })
  return stoodStill && verify(screen, { receipt, stream, before, after })
}

function oneTransfer({ local, contracts }: Stage): Promise<bigint> {
  return transferGas(local.client, contracts.token, viewer.address, streamer)
}

type Seen = {
  /** Resolves when `count` more samples of the feed have come. */
  readonly samples: (count: number) => Promise<void>
  /** Resolves when `count` more receipts have come. */
  readonly receipts: (count: number) => Promise<void>
  readonly vouchers: () => number
  readonly total: () => number
}

/** Follows a stream: writes the live meter and counts what comes. */
function observe(stream: Stream, screen: Screen): Seen {
  let samples = 0
  let receipts = 0
  let vouchers = 0
  let signed = 0n
  let load = 0
  const waiting: {
    readonly kind: 'samples' | 'receipts'
    readonly until: number
    readonly done: () => void
  }[] = []

  function wake(): void {
    for (const waiter of [...waiting]) {
      const count = waiter.kind === 'samples' ? samples : receipts
      if (count < waiter.until) continue
      waiting.splice(waiting.indexOf(waiter), 1)
      waiter.done()
    }
  }

  stream.on('data', ({ payload }) => {
    samples += 1
    load = loadOf(payload)
    wake()
  })
  stream.on('receipt', () => {
    receipts += 1
    wake()
  })
  stream.on('meter', (meter) => {
    if (meter.signed > signed) vouchers += 1
    signed = meter.signed
    screen.live(meterLine(stream, meter, vouchers, load))
  })
  stream.on('problem', ({ message, details }) => {
    screen.say(`${message} ${details ?? ''}`)
  })
  const wait = (kind: 'samples' | 'receipts', count: number): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ kind, until: (kind === 'samples' ? samples : receipts) + count, done: resolve })
    })
  return {
    samples: (count) => wait('samples', count),
    receipts: (count) => wait('receipts', count),
    vouchers: () => vouchers,
    total: () => samples,
  }
}

function meterLine(stream: Stream, meter: Meter, vouchers: number, load: number): string {
  const seconds = (Number(meter.units) / 1000).toFixed(1)
  const acknowledged = formatAmount(meter.acknowledged, decimals)
  return [
    `${seconds} s`,
    `spent ${stream.format(meter.spent)}`,
    `prepaid ${formatAmount(meter.prepaid, decimals)}`,
    `vouchers ${String(vouchers)}`,
    `acknowledged ${acknowledged}`,
    `load ${(load * 100).toFixed(0)} %`,
  ].join(' · ')
}

function loadOf(payload: unknown): number {
  if (typeof payload !== 'object' || payload === null || !('load' in payload)) return 0
  return typeof payload.load === 'number' ? payload.load : 0
}

type Held = Balances<'viewer' | 'streamer' | 'contract'>

type Result = {
  readonly receipt: FinalReceipt
  readonly stream: Stream
  readonly before: Held
  readonly after: Held
}

function report(
  { screen }: Stage,
  result: Result & {
    readonly seen: Seen
    readonly gas: ReadonlyMap<string, bigint>
    readonly transfer: bigint
  },
): void {
  const { receipt, stream, seen, before, after, gas, transfer } = result
  const { units, tipped } = stream.record()
  const asTransfers = transfer * BigInt(seen.vouchers())
  const gasOf = (address: string) => gas.get(address.toLowerCase()) ?? 0n
  const total = gasOf(viewer.address) + gasOf(operator.address)
  screen.step('Receipt')
  screen.table([
    ['channel', receipt.channelId],
    ['watched', `${(Number(units) / 1000).toFixed(1)} s in ${String(seen.total())} samples`],
    ['tipped', stream.format(tipped)],
    ['captured', stream.format(receipt.captured)],
    ['refunded', stream.format(receipt.refunded)],
    ['transaction', receipt.transaction],
    [
      'signed by the viewer',
      `${receipt.voucher.signature.slice(0, 18)}… over ${stream.format(receipt.voucher.cumulativeAmount)}`,
    ],
    [
      'signed by the payee',
      `${receipt.consent.payeeSignature.slice(0, 18)}… over ${stream.format(receipt.consent.capturedAmount)}`,
    ],
    ['', ''],
    ['viewer', `${stream.format(before.viewer)} → ${stream.format(after.viewer)}`],
    ['streamer', `${stream.format(before.streamer)} → ${stream.format(after.streamer)}`],
    ['', ''],
    ['gas of the viewer', gasOf(viewer.address).toLocaleString('en')],
    ['gas of the payee', gasOf(operator.address).toLocaleString('en')],
    [
      'gas as transfers',
      `${asTransfers.toLocaleString('en')} for ${String(seen.vouchers())} payments, ${ratio(asTransfers, total)} as much`,
    ],
  ])
}

function ratio(a: bigint, b: bigint): string {
  return b === 0n ? 'infinitely' : `${(Number((a * 100n) / b) / 100).toFixed(1)} times`
}

/** Every base unit is where the receipt says it is. */
function verify(screen: Screen, { receipt, stream, before, after }: Result): boolean {
  const { units, tipped, deposited } = stream.record()
  const checks: readonly Check[] = [
    ['captured = watched × price + tips', receipt.captured, (units * 2000n) / 1000n + tipped],
    ['captured = what the payee consented to', receipt.captured, receipt.consent.capturedAmount],
    ['captured = what the payee says was spent', receipt.captured, receipt.receipt?.spent ?? -1n],
    ['captured + refunded = deposited', receipt.captured + receipt.refunded, deposited],
    ['the streamer got what was captured', after.streamer - before.streamer, receipt.captured],
    ['the viewer paid what was captured', before.viewer - after.viewer, receipt.captured],
    ['nothing is left in the contract', after.contract, before.contract],
  ]
  return allExact(screen, checks)
}

async function serve(
  screen: Screen,
  local: LocalChain,
  contracts: Contracts,
  payee: PayeeChild,
): Promise<void> {
  screen.step('Running until Ctrl-C')
  screen.table([
    ['offer', `${payee.url}/.well-known/sluice`],
    ['chain', local.url],
    ['contract', contracts.channels],
    ['token', contracts.token],
  ])
  screen.say('A second viewer, in another terminal, with a public test key:')
  screen.say(`export SLUICE_PRIVATE_KEY=${secondViewerKey}`)
  screen.say(`npm run sluice -- watch ${payee.url} --rpc ${local.url} --budget 1.00`)
  await new Promise<void>((resolve) => process.once('SIGINT', resolve))
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
