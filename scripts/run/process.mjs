import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

/** The repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

const binaries = path.join(root, 'node_modules', '.bin')
/** Each signals a running child, with what that started where it has a group of its own. */
const running = new Set()

/** Set once somebody asked this program to stop: no further step begins. */
let stopping = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopping = true
    for (const signalOne of running) signalOne(signal)
    if (running.size === 0) process.exit(stopped)
  })
}

const stopped = 130

/** How long what a program started may outlive it. */
const lingeringMs = 30_000

/**
 * Runs a command in the repository and waits for it. What it started and left running, a browser for example, is ended
 * with it: else whoever reads this program's output would wait for that.
 *
 * @param {string} command a program, those of node_modules/.bin included
 * @param {string[]} args its arguments
 * @param {{ env?: Record<string, string>, cwd?: string, show?: 'inherit' | 'tee' | 'capture', yields?: boolean }}
 * [options] `show`: what becomes of its output: passed through, passed through and kept, or only kept; `yields`: whether
 * it gives way to other programs
 * @returns {Promise<{ code: number, output: string }>} its exit code (128 and more after a signal) and kept output
 */
export function run(command, args, { env = {}, cwd = root, show = 'capture', yields = false } = {}) {
  return new Promise((resolve) => {
    // Keys of the terminal reach what is passed through only in this program's own group.
    const hasOwnGroup = show !== 'inherit' && process.platform !== 'win32'
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`, ...env },
      stdio: show === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      detached: hasOwnGroup,
    })
    const signalThis = (signal) => (hasOwnGroup ? signalGroup(child.pid, signal) : child.kill(signal))
    running.add(signalThis)
    let output = ''
    let lingering
    if (yields && child.pid !== undefined) giveWay(child.pid)
    const keep = (stream) => (chunk) => {
      output += chunk
      if (show === 'tee') stream.write(chunk)
    }
    child.stdout?.setEncoding('utf8').on('data', keep(process.stdout))
    child.stderr?.setEncoding('utf8').on('data', keep(process.stdout))
    const finish = (code) => {
      clearTimeout(lingering)
      running.delete(signalThis)
      if (stopping && running.size === 0) process.exit(stopped)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += `${command}: ${error.message}\n`
      if (show !== 'capture') console.error(`${command}: ${error.message}`)
      finish(127)
    })
    child.on('exit', () => {
      lingering = setTimeout(signalThis, lingeringMs, 'SIGKILL')
    })
    child.on('close', (code, signal) => finish(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)))
  })
}

/** Lets a program use what others leave. */
function giveWay(pid) {
  setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  try {
    // Where Linux shares processors among sessions first, a priority counts within its own session only. This is the session's.
    writeFileSync(`/proc/${String(pid)}/autogroup`, String(constants.priority.PRIORITY_BELOW_NORMAL))
  } catch {
    // Another system, or one without such groups.
  }
}

/** Signals a program and what it started; both may have ended already, or never begun. */
function signalGroup(pid, signal) {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** Ends the job with a message for the person, without a stack trace. */
export class StepFailed extends Error {}

/**
 * Announces a step on the error stream, so that a job's own output stays clean, and says how long it took.
 *
 * @template T
 * @param {string} label what is done, in a few words
 * @param {() => Promise<T>} work does it
 * @returns {Promise<T>} what the work returned
 */
export async function step(label, work) {
  const started = performance.now()
  endLine()
  process.stderr.write(`${label} ... `)
  unended = label
  const finish = (text) => {
    // Another step began meanwhile and has the line: this one says again which it is.
    const line = unended === label ? text : `${label}: ${text}`
    if (unended !== label) endLine()
    process.stderr.write(`${line}\n`)
    unended = undefined
  }
  try {
    const result = await work()
    finish(seconds(started))
    return result
  } catch (error) {
    finish(`failed after ${seconds(started)}`)
    throw error
  }
}

/** The step whose line is not ended yet. */
let unended

function endLine() {
  if (unended !== undefined) process.stderr.write('\n')
  unended = undefined
}

/** Seconds since `started`, for people. */
export function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}

/** Runs a command whose output matters only when it fails. */
export async function quietly(command, args, options) {
  const { code, output } = await run(command, args, options)
  if (code !== 0) throw new StepFailed(`${output}\n${command} ${args.join(' ')} ended with ${code}.`)
}
