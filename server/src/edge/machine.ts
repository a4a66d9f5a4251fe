import { readdirSync, readFileSync } from 'node:fs'
import { cpus, freemem, totalmem } from 'node:os'
import type { TelemetryReader } from '../feeds/telemetry.js'

const sensors = '/sys/class/thermal'
/** Sensors may take milliseconds to answer and change slowly. */
const temperaturePeriodMs = 1_000

/** Looks at the machine this process runs on. Temperature: Linux' thermal zones, where the machine has any. */
export function machineReader(): TelemetryReader {
  const zones = thermalZones()
  let temperature: number | undefined
  let readAtMs = -Infinity
  return () => {
    const atMs = Date.now()
    if (zones.length > 0 && atMs - readAtMs >= temperaturePeriodMs) {
      temperature = hottest(zones)
      readAtMs = atMs
    }
    const cpu = { busyMs: 0, idleMs: 0 }
    for (const { times } of cpus()) {
      cpu.busyMs += times.user + times.nice + times.sys + times.irq
      cpu.idleMs += times.idle
    }
    return { atMs, cpu, memory: { total: totalmem(), available: freemem() }, temperature }
  }
}

function thermalZones(): readonly string[] {
  try {
    return readdirSync(sensors)
      .filter((name) => name.startsWith('thermal_zone'))
      .map((name) => `${sensors}/${name}/temp`)
  } catch {
    return []
  }
}

/** The files hold thousandths of a degree. A sensor that cannot be read is left out. */
function hottest(zones: readonly string[]): number | undefined {
  const found = zones.flatMap((path) => {
    try {
      const value = Number(readFileSync(path, 'utf8')) / 1000
      return Number.isFinite(value) ? [value] : []
    } catch {
      return []
    }
  })
  return found.length === 0 ? undefined : Math.max(...found)
}
