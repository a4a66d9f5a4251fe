import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { pins } from './process.mjs'

/** The machine and how busy it is, in one line. */
export function describeMachine() {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  const load = loadavg()
    .map((value) => value.toFixed(2))
    .join(' ')
  const pinned = pins() ? 'pinned to one core' : 'not pinned: no taskset'
  return `${availableParallelism()} cores, ${model}, ${memory} GiB, ${process.platform}-${process.arch}, Node ${process.versions.node}, load ${load}, ${pinned}`
}
