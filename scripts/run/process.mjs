import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

/** The repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

const binaries = path.join(root, 'node_modules', '.bin')
const children = new Set()

/** Set once somebody asked this program to stop: no further step begins. */
let stopping = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopping = true
    for (const child of children) child.kill(signal)
    if (children.size === 0) process.exit(stopped)
  })
}

const stopped = 130

/**
 * Runs a command in the repository and waits for it.
 *
 * @param {string} command a program, those of node_modules/.bin included
 * @param {string[]} args its arguments
 * @param {{ env?: Record<string, string>, cwd?: string, show?: 'inherit' | 'tee' | 'capture' }} [options] what becomes
 * of its output: passed through, passed through and kept, or only kept
 * @returns {Promise<{ code: number, output: string }>} its exit code (128 and more after a signal) and kept output
 */
export function run(command, args, { env = {}, cwd = root, show = 'capture' } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`, ...env },
      stdio: show === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    let output = ''
    const keep = (stream) => (chunk) => {
      output += chunk
      if (show === 'tee') stream.write(chunk)
    }
    child.stdout?.setEncoding('utf8').on('data', keep(process.stdout))
    child.stderr?.setEncoding('utf8').on('data', keep(process.stdout))
    const finish = (code) => {
      children.delete(child)
      if (stopping && children.size === 0) process.exit(stopped)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += `${command}: ${error.message}\n`
      if (show !== 'capture') console.error(`${command}: ${error.message}`)
      finish(127)
    })
    child.on('close', (code, signal) => finish(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)))
  })
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
  process.stderr.write(`${label} ... `)
  try {
    const result = await work()
    process.stderr.write(`${seconds(started)}\n`)
    return result
  } catch (error) {
    process.stderr.write(`failed after ${seconds(started)}\n`)
    throw error
  }
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
