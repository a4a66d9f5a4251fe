#!/usr/bin/env node
import * as module from 'node:module'
import { homedir } from 'node:os'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(`error: Node ${process.versions.node} is too old.\n  Install Node 22.13 or newer.`)
  process.exit(1)
}

/** How long what is still in the pipes may take, milliseconds. */
const lingerMs = 1_000

// Halves the time to the first line from the second run on.
module.enableCompileCache()

// Node calls its own SQLite experimental on every start; an operator can do nothing about it.
const emitWarning = process.emitWarning.bind(process)
process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
  if (String(warning).includes('SQLite is an experimental feature')) return
  Reflect.apply(emitWarning, process, [warning, ...rest])
}

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

// Only now, because older versions of Node cannot even load the rest.
const { processIo } = await import('./io.js')
const { runCommandLine } = await import('./program.js')
process.exitCode = await runCommandLine(process.argv.slice(2), processIo(process, homedir()))

// A media connection that was cut in mid-handshake keeps its timers for half a minute; there is nothing to wait for.
setTimeout(() => process.exit(), lingerMs).unref()
