/**
 * Something whose speed is measured.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {(count: number) => Promise<void>} prepare builds the input of the next run; not timed
 * @property {() => Promise<void>} run handles what was prepared; timed. Throws when anything was refused
 * @property {() => Promise<void>} [check] proves that it accepts what is good and refuses what is forged; not timed
 * @property {() => Promise<void>} [close]
 *
 * @typedef {{ wall: number[], cpu: number[] }} Rates operations a second of time and of processor time, one a round
 */

/**
 * Measures subjects in turn, A B C A B C …, so that whatever slows the machine down slows down all of them.
 *
 * @param {Subject[]} subjects ours and the peers'
 * @param {{ rounds: number, seconds: number, warmSeconds: number }} options `seconds` one timed run should take
 * @returns {Promise<Record<string, Rates>>}
 */
export async function alternate(subjects, { rounds, seconds, warmSeconds }) {
  const counts = new Map()
  for (const subject of subjects) {
    await subject.check?.()
    counts.set(subject, await warmUp(subject, warmSeconds, seconds))
  }
  const rates = Object.fromEntries(subjects.map(({ name }) => [name, { wall: [], cpu: [] }]))
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      const count = counts.get(subject)
      const taken = await time(subject, count)
      rates[subject.name].wall.push(count / taken.wall)
      rates[subject.name].cpu.push(count / taken.cpu)
    }
  }
  for (const subject of subjects) await subject.close?.()
  return rates
}

/** Runs for `warmSeconds` and tells how many operations fill `seconds`. */
async function warmUp(subject, warmSeconds, seconds) {
  let count = 100
  for (let spent = 0; ;) {
    const { cpu } = await time(subject, count)
    spent += cpu
    const rate = count / cpu
    if (spent >= warmSeconds) return Math.max(100, 2 * Math.round((rate * seconds) / 2))
    count = Math.max(100, 2 * Math.round((rate * Math.min(0.25, warmSeconds)) / 2))
  }
}

/** Seconds by the clock and of the processor. */
async function time(subject, count) {
  await subject.prepare(count)
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const started = performance.now()
  await subject.run()
  const wall = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { wall, cpu: (user + system) / 1e6 }
}
