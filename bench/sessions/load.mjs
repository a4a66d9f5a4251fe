// The payers, in a process of their own: open connections, then vouchers on a fixed schedule, whatever the server does.
import { encodeMessage } from '../../sdk/dist/session/index.js'
import { loadNodeCrypto } from '../../sdk/dist/node/index.js'
import { createPayer, step } from '../fixture.mjs'
import { answer } from '../harness/process.mjs'
import { percentile } from '../harness/statistics.mjs'
import { clientFrame, openSession } from './connection.mjs'

const stepNumber = Number(step)
const crypto = await loadNodeCrypto({ engine: 'native' })
/** @type {{ payer: object, socket: import('node:net').Socket, signed: number, acked: number }[]} */
const sessions = []
const problems = new Map()
let frames = []
let onAck = () => undefined

answer({
  async connect({ port, count, atOnce = 200 }) {
    const indices = Array.from({ length: count }, (_, index) => index).values()
    const connectNext = async () => {
      for (const index of indices) sessions[index] = await open(port, index)
    }
    await Promise.all(Array.from({ length: atOnce }, connectNext))
    return { connected: sessions.length }
  },

  /** Signs and frames the next `count` vouchers, in turn over the sessions. */
  async prepare({ count }) {
    frames = new Array(count)
    for (let number = 0; number < count; number += 1) {
      const session = sessions[number % sessions.length]
      session.signed += 1
      const cumulative = BigInt(session.signed) * step
      const { channelId, signer } = session.payer
      const signature = signer.signVoucher(channelId, cumulative)
      frames[number] = clientFrame(encodeMessage({ type: 'voucher', channelId, cumulative, signature }))
      // The server's heartbeat wants answers meanwhile.
      if (number % 200 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    return {}
  },

  /** Sends what was prepared, `rate` a second, and waits for the acknowledgements of what was sent. */
  async run({ rate, drainMs }) {
    globalThis.gc?.()
    const count = frames.length
    const latencies = new Float64Array(count).fill(Infinity)
    const lateness = new Float64Array(count)
    const first = sessions.map(({ acked }) => acked)
    const cpu = process.cpuUsage()
    const startedMs = performance.now() + 20
    const dueMs = (number) => startedMs + (number * 1000) / rate
    let covered = 0

    onAck = (index, before, acked) => {
      const nowMs = performance.now()
      for (let sequence = before - first[index]; sequence < acked - first[index]; sequence += 1) {
        const number = sequence * sessions.length + index
        // From when it was due, not from when it was sent: this process' own delay counts against the server.
        latencies[number] = nowMs - dueMs(number)
        covered += 1
      }
    }

    let sent = 0
    while (sent < count) {
      const nowMs = performance.now()
      for (; sent < count && dueMs(sent) <= nowMs; sent += 1) {
        lateness[sent] = nowMs - dueMs(sent)
        sessions[sent % sessions.length].socket.write(frames[sent])
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const seconds = (performance.now() - startedMs) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const deadline = performance.now() + drainMs
    while (covered < count && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    frames = []
    const waitedMs = performance.now()
    for (let number = 0; number < count; number += 1) {
      if (latencies[number] === Infinity) latencies[number] = waitedMs - dueMs(number)
    }
    latencies.sort()
    lateness.sort()
    return {
      sent,
      seconds,
      unanswered: count - covered,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      p999: percentile(latencies, 0.999),
      max: latencies[count - 1],
      generator: {
        latenessP99: percentile(lateness, 0.99),
        cores: (user + system) / 1e6 / seconds,
      },
      problems: Object.fromEntries(problems),
    }
  },

  /** The highest acknowledged amount of every channel, base units. */
  async acknowledged() {
    return {
      channels: sessions.map(({ payer, acked }) => [payer.channelId, acked * stepNumber]),
    }
  },
})

async function open(port, index) {
  const payer = createPayer(crypto, index)
  const session = { payer, socket: undefined, signed: 0, acked: 0 }
  session.socket = await openSession(port, payer, {
    onAck: (accepted) => {
      const before = session.acked
      session.acked = Math.max(before, accepted / stepNumber)
      onAck(index, before, session.acked)
    },
    onProblem: (problem) => problems.set(problem, (problems.get(problem) ?? 0) + 1),
  })
  return session
}
