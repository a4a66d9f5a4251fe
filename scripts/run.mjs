#!/usr/bin/env node
// Every root script of package.json comes through here. Plain Node, no dependencies: it has to run in a fresh clone,
// where there are none yet, and under a Node that is too old for the rest.
import { reexecUnderPinnedNode } from './run/toolchain.mjs'

const [job = '', ...rest] = process.argv.slice(2)
const args = rest[0] === '--' ? rest.slice(1) : rest

await reexecUnderPinnedNode()
const { jobs } = await import('./run/jobs.mjs')

if (!Object.hasOwn(jobs, job)) {
  console.error(`Usage: node scripts/run.mjs <${Object.keys(jobs).join('|')}> [-- arguments]`)
  process.exitCode = 64
} else {
  process.exitCode = await jobs[job](args)
}
