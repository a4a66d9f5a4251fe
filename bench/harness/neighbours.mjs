import { readFileSync } from 'node:fs'

/** Jiffies all cores together have spent on anything but waiting, and jiffies in all. Undefined outside Linux. */
function busyAndTotal() {
  try {
    const [line] = readFileSync('/proc/stat', 'utf8').split('\n')
    const [user, nice, system, idle, iowait, irq, softirq, steal] = line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number)
    const busy = user + nice + system + irq + softirq + steal
    return { busy, total: busy + idle + iowait }
  } catch {
    return undefined
  }
}

/**
 * Watches what the rest of the machine does during a measurement, so that a figure can be judged by the conditions it was
 * taken under and not by whether it pleases.
 *
 * @param {number} cores of the machine
 * @returns {(ownCores: number) => number | undefined} given what the measured processes used, cores that others used
 */
export function watchNeighbours(cores) {
  const before = busyAndTotal()
  return (ownCores) => {
    const after = busyAndTotal()
    if (before === undefined || after === undefined) return undefined
    const busyCores = ((after.busy - before.busy) / (after.total - before.total)) * cores
    return Math.max(0, busyCores - ownCores)
  }
}
