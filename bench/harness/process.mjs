import { spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0

/** Whether children can be held on one core each. */
export function pins() {
  return canPin
}

/**
 * Starts a script of this folder under the same Node.
 *
 * @param {string} script its path from `bench/`
 * @param {object} [options]
 * @param {string[]} [options.args]
 * @param {string[]} [options.flags] for Node itself
 * @param {number} [options.core] the one core it may use, where the machine allows that
 * @param {'pipe' | 'inherit'} [options.stdout]
 */
export function start(script, { args = [], flags = [], core, stdout = 'inherit' } = {}) {
  const file = fileURLToPath(new URL(`../${script}`, import.meta.url))
  const node = [process.execPath, '--expose-gc', ...flags, file, ...args]
  const command = core !== undefined && canPin ? ['taskset', '-c', String(core), ...node] : node
  return spawn(command[0], command.slice(1), { stdio: ['ignore', stdout, 'inherit', 'ipc'] })
}

/** Runs a script to its end and reads the one line of JSON it prints. */
export async function runForJson(script, options) {
  const child = start(script, { ...options, stdout: 'pipe' })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
  return JSON.parse(output)
}

/** Speaks with a child that answers every `{ command, ... }` with one message. */
export function talkTo(child) {
  let settle
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.on('message', (message) => {
    if (message.error !== undefined) settle?.reject(new Error(message.error))
    else settle?.resolve(message)
  })
  child.once('exit', (code, signal) => settle?.reject(new Error(`a child ended with ${code ?? signal}`)))
  return {
    ended,
    ask: (command, parameters = {}) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        child.send({ command, ...parameters })
      }),
    kill: async () => {
      settle = undefined
      child.kill('SIGKILL')
      await ended
    },
  }
}

/**
 * The child's side of {@link talkTo}.
 *
 * @param {Record<string, (parameters: object) => Promise<object>>} commands
 */
export function answer(commands) {
  process.on('message', ({ command, ...parameters }) => {
    commands[command](parameters).then(
      (result) => process.send(result),
      (error) => process.send({ error: error.stack ?? String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
}
