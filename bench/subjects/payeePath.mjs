import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  computeChannelId,
  createOperatorSigner,
  createSignatureVerifier,
  hexToBytes,
} from '../../sdk/dist/index.js'
import { loadNodeCrypto } from '../../sdk/dist/node/index.js'
import { createPayeeHub, decodeMessage, encodeMessage, systemClock } from '../../sdk/dist/session/index.js'
import { openSqliteStore } from '../../server/dist/store/sqlite.js'
import { constantChain, createPayer, deployment, offer, operatorKey, step } from '../fixture.mjs'

/** Frames handed over in one turn of the event loop, as a busy socket layer would. */
const framesATurn = 128

/**
 * The whole way of a voucher at the payee: a text frame is decoded, the rules are applied, the signature is checked, the
 * record is committed to a real SQLite file (write-ahead log, full sync, group commit), the acknowledgement is encoded.
 * Many sessions run at once, each waiting for its acknowledgement before its next voucher, as payers do.
 *
 * @param {{ engine: 'native' | 'portable', sessions?: number, member?: (channelId: string) => boolean }} options
 * `member` tells which channels are this one's when several share the work
 * @returns {Promise<import('../harness/alternate.mjs').Subject>}
 */
export async function createPayeePath({ engine, sessions = 2000, member = () => true }) {
  const crypto = await loadNodeCrypto({ engine })
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'))
  const store = openSqliteStore({ path: path.join(directory, 'payee.db'), clock: systemClock })
  const hub = createPayeeHub({
    offer,
    store,
    chain: constantChain(),
    verifier: createSignatureVerifier(crypto, deployment),
    operator: createOperatorSigner(crypto, deployment, operatorKey),
    clock: systemClock,
    random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
    channelId: (channel) => computeChannelId(crypto, deployment, channel),
    limits: { framesPerSecond: 10_000, burst: 10_000 },
    hooks: {
      onFault: (error) => {
        throw error
      },
    },
  })
  const joining = []
  for (let index = 0; joining.length < sessions; index += 1) {
    const payer = createPayer(crypto, index)
    if (member(payer.channelId)) joining.push(join(hub, payer))
  }
  const payers = await Promise.all(joining)

  let finish = () => undefined
  let fail = () => undefined
  let missing = 0
  let ready = []
  let scheduled = false

  function settle(payer) {
    missing -= 1
    if (missing === 0) finish()
    else if (payer.next < payer.frames.length) {
      ready.push(payer)
      schedule()
    }
  }

  function schedule() {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const turn = ready.splice(0, framesATurn)
      if (ready.length > 0) schedule()
      for (const payer of turn) payer.deliver(payer.frames[payer.next++])
    })
  }

  for (const payer of payers) {
    payer.onFrame = (frame) => {
      if (frame.startsWith('{"v":1,"type":"ack"')) settle(payer)
      else if (isRefusal(frame)) fail(new Error(`unexpected answer ${frame}`))
    }
  }

  return {
    name: 'sluice',
    async prepare(count) {
      for (const payer of payers) {
        payer.frames = []
        payer.next = 0
      }
      for (let index = 0; index < count; index += 1) {
        const payer = payers[index % payers.length]
        payer.frames.push(payer.nextFrame())
      }
      missing = count
      ready = payers.filter(({ frames }) => frames.length > 0)
    },
    run: () =>
      new Promise((resolve, reject) => {
        finish = resolve
        fail = reject
        schedule()
      }),
    async check() {
      await checkForged(payers[0])
      const [payer] = payers
      await checkStored(store, payer)
    },
    async close() {
      hub.stop()
      await store.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/** Opens a session over a connection inside the process. */
function join(hub, { channel, channelId, signer }) {
  let cumulative = 0n
  const payer = {
    channelId,
    frames: [],
    next: 0,
    onFrame: () => undefined,
    deliver: () => undefined,
    accepted: () => cumulative,
    nextFrame() {
      cumulative += step
      const signature = signer.signVoucher(channelId, cumulative)
      return encodeMessage({ type: 'voucher', channelId, cumulative, signature })
    },
    /** A frame that claims more than its signature covers. */
    forgedFrame() {
      const signature = signer.signVoucher(channelId, cumulative + step)
      return encodeMessage({ type: 'voucher', channelId, cumulative: cumulative + 2n * step, signature })
    },
  }
  return new Promise((resolve, reject) => {
    payer.onFrame = (frame) => {
      const message = decodeMessage(frame)
      if (message.type === 'offer') {
        const signature = signer.signSession(channelId, message.challenge)
        payer.deliver(encodeMessage({ type: 'open', channel, signature }))
      } else if (message.type === 'snapshot') resolve(payer)
      else if (message.type === 'error') reject(new Error(frame))
    }
    hub.accept({
      send: (frame) => payer.onFrame(frame),
      bufferedBytes: () => 0,
      onFrame: (listener) => (payer.deliver = listener),
      onClose: () => undefined,
      close: (reason) => reject(new Error(reason)),
    })
  })
}

async function checkForged(payer) {
  const answer = await ask(payer, payer.forgedFrame())
  if (!answer.includes('invalid-signature')) throw new Error(`a forged voucher was answered with ${answer}`)
}

async function checkStored(store, payer) {
  const answer = await ask(payer, payer.nextFrame())
  const record = await store.load(payer.channelId)
  if (!answer.includes('"ack"') || record?.accepted !== payer.accepted()) {
    throw new Error(`a good voucher was answered with ${answer}, stored is ${record?.accepted}`)
  }
}

function ask(payer, frame) {
  const { onFrame } = payer
  return new Promise((resolve) => {
    payer.onFrame = (answer) => {
      if (!isRefusal(answer) && !answer.includes('"ack"')) return
      payer.onFrame = onFrame
      resolve(answer)
    }
    payer.deliver(frame)
  })
}

/** A voucher is answered with an acknowledgement or one of these; receipts and news of the gate come besides. */
function isRefusal(frame) {
  return frame.startsWith('{"v":1,"type":"error"') || frame.startsWith('{"v":1,"type":"snapshot"')
}

/** Which of `count` workers has a channel. */
export function shardOf(channelId, count) {
  return (hexToBytes(channelId)?.[0] ?? 0) % count
}
