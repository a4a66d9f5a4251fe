// A chain, a payee with a stage, a publisher, and viewers in a real browser. Prints one line of JSON.
import path from 'node:path'
import { build } from 'esbuild'
import { createWalletClient, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { computeChannelId, createVoucherSigner, fetchOffer, loadCrypto } from '@sluice/sdk'
import { createChannel, deposit } from '@sluice/sdk/channel'
import { startBrowser } from '../../test/browser/support/chromium.ts'
import { arrive, connect, type Viewer } from '../../test/browser/support/viewer.ts'
import { startPagesWorld } from '../../test/browser/support/world.ts'
import { worsenNetwork } from '../media/badNetwork.mjs'
import type { PayVouchers } from '../media/payVouchers.ts'

const quick = process.env['SLUICE_BENCH_QUICK'] === '1'
const vouchers = quick ? 40 : 200
const rounds = quick ? 3 : 20
const closings = quick ? 2 : 8
/** Between an acknowledgement and the next voucher: below what a session may send a second. */
const pauseMs = 60
/** What takes longer has failed, milliseconds. */
const longestMs = 30_000
/** How long nothing may come after the gate closed before all that was on its way counts as arrived. */
const settleMs = 1_500
const folder = path.join(import.meta.dirname, '../media')

const say = (text: string): boolean => process.stderr.write(`  ${text}\n`)
const pause = (ms: number): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, ms))

await using parts = new AsyncDisposableStack()
const world = await startPagesWorld({ price: '0.02/s' })
parts.defer(world.stop)
const browser = await startBrowser()
parts.defer(() => browser.close())
const crypto = await loadCrypto()
const payVouchers = await bundle(path.join(folder, 'payVouchers.ts'))
let failed = 0

async function bundle(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('')
}

/** What comes of something in time; undefined, and counted as failed, when nothing does. */
async function inTime<Result>(work: Promise<Result>): Promise<Result | undefined> {
  work.catch(() => undefined)
  const result = await Promise.race([work, pause(longestMs)])
  if (result === undefined) failed += 1
  return result
}

/** From each voucher to its acknowledgement, beside the running picture. */
async function voucherTimes(): Promise<number[]> {
  const { offer, sessionUrl } = await fetchOffer(world.url, fetch)
  const { contract, chainId } = offer
  const deployment = { chainId, contract }
  const key = generatePrivateKey()
  const payer = await world.fund(key)
  const { chain, url } = world.local
  const wallet = createWalletClient({ account: privateKeyToAccount(key), chain, transport: http(url) })
  const privateKey = generatePrivateKey()
  const { address: signer } = createVoucherSigner(crypto, deployment, { kind: 'secp256k1', privateKey })
  const channel = createChannel({ payer, signer, offer, rate: 0n, burst: 0n })
  await deposit(wallet, { contract, channel, amount: 10_000_000n })
  const channelId = computeChannelId(crypto, deployment, channel)
  const given: PayVouchers = {
    ...{ session: sessionUrl, deployment, channel, channelId, privateKey, count: vouchers, pauseMs },
    // Two seconds of picture: more than is delivered meanwhile, also where a voucher has to be sent again.
    step: 40_000n,
  }
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.addInitScript(payVouchers)
    // Any page of the payee's origin: one that is not encrypted has no WebCrypto elsewhere.
    await page.goto(`${world.url}/stage/status`)
    type Given = { readonly payVouchers: (parameters: PayVouchers) => Promise<number[]> }
    return await page.evaluate((all) => (globalThis as unknown as Given).payVouchers(all), given)
  } finally {
    await context.close()
  }
}

/** A person in front of the watch page, with the wallet connected and a budget chosen. */
async function arriveWith(budget: string): Promise<Viewer> {
  const viewer = await arrive(world, browser, undefined, path.join(folder, 'hooks.js'))
  await connect(viewer)
  await viewer.page.getByLabel('Another amount').fill(budget)
  await viewer.page.getByText('in your wallet, then none').waitFor()
  return viewer
}

/** Starts watching; resolves with the time at which the person confirmed the deposit. */
function confirming({ wallet, page }: Viewer): Promise<number> {
  const { beforeAnswer } = wallet.mood
  return new Promise((resolve, reject) => {
    wallet.mood.beforeAnswer = async (prompt) => {
      await beforeAnswer?.(prompt)
      if (prompt === 'eth_sendTransaction') resolve(Date.now())
    }
    page.getByRole('button', { name: 'Start watching' }).click().catch(reject)
  })
}

/**
 * From the deposit's confirmation in the wallet to the first frame that is shown, with what of it is the chain's, and from
 * a cut to the next frame.
 */
async function pictureTimes() {
  const first: number[] = []
  const chain: number[] = []
  const again: number[] = []
  let offers = 0
  for (let round = 0; round < rounds; round += 1) {
    const viewer = await arriveWith('10')
    const { page, context } = viewer
    const asked = Promise.withResolvers<number>()
    page.on('request', (request) => {
      if (request.method() !== 'POST' || !request.url().endsWith('/stage/whep')) return
      offers += 1
      asked.resolve(Date.now())
    })
    const shown = page.evaluate<number>('nextFrame()')
    const confirmedMs = await confirming(viewer)
    const firstMs = await inTime(shown)
    if (firstMs !== undefined) {
      first.push(firstMs - confirmedMs)
      chain.push((await asked.promise) - confirmedMs)
      await pause(1_000)
      const cutMs = await inTime(page.evaluate<number>('cut()'))
      if (cutMs !== undefined) again.push(cutMs)
    }
    await context.close()
  }
  return { first, chain, again, offers }
}

/** From the gate's closing, because nothing more is paid, to the last packet of picture or sound that came. */
async function closingTimes(): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < closings; round += 1) {
    const viewer = await arriveWith('0.06')
    const { page, context } = viewer
    // Asked for before it begins: through a bad network the money may be used up before the picture is there.
    const closing = new Promise<number>((resolve) => {
      const stop = world.payee.on('gate', ({ open, record }) => {
        if (
          open ||
          record.spent === 0n ||
          record.channel.payer.toLowerCase() !== viewer.address.toLowerCase()
        )
          return
        stop()
        resolve(Date.now())
      })
    })
    await confirming(viewer)
    const closedMs = await inTime(closing)
    if (closedMs !== undefined) {
      await pause(settleMs)
      times.push(Math.max(0, (await page.evaluate<number>('lastPacketMs()')) - closedMs))
    }
    await context.close()
  }
  return times
}

async function measure(network: string) {
  failed = 0
  say(`${network}: ${vouchers} vouchers`)
  const voucher = await voucherTimes()
  say(`${network}: ${rounds} first pictures and cuts`)
  const pictures = await pictureTimes()
  say(`${network}: ${closings} gates closing`)
  const closing = await closingTimes()
  return { voucher, ...pictures, closing, failed }
}

const clear = await measure('this machine')
const badNetwork = { delayMs: 50, jitterMs: 10, loss: 0.05 }
worsenNetwork(badNetwork)
const { delayMs, jitterMs, loss } = badNetwork
const bad = await measure(`${delayMs} ms ± ${jitterMs} ms, ${loss * 100} % lost`)
console.log(JSON.stringify({ clear, bad }))
