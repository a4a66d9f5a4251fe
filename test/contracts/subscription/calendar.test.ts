import { expect } from 'chai'
import fc from 'fast-check'
import { network } from 'hardhat'

const { ethers } = await network.create()
const calendar = await ethers.deployContract('CalendarHarness')

const seconds = (date: string) => BigInt(Date.parse(date) / 1000)

/** What JavaScript's calendar says: the anchor day of the month that comes then, or that month's last day. */
function addMonths(time: bigint, months: bigint, anchorDay: bigint): bigint {
  const date = new Date(Number(time) * 1000)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + Number(months)]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const day = Date.UTC(year, month, Math.min(Number(anchorDay), lastDay)) / 1000
  return BigInt(day) + (time % 86_400n)
}

describe('calendar', () => {
  const later = async (from: string, months: bigint, anchorDay: bigint) =>
    (await calendar.many([seconds(from)], [months], [anchorDay]))[0][0]

  it('goes from 31 January to the last of February and back to 31 March (S12)', async () => {
    expect(await later('2027-01-31T12:34:56Z', 1n, 31n)).to.equal(seconds('2027-02-28T12:34:56Z'))
    expect(await later('2027-02-28T12:34:56Z', 1n, 31n)).to.equal(seconds('2027-03-31T12:34:56Z'))
    expect(await later('2028-01-31T00:00:00Z', 1n, 31n)).to.equal(seconds('2028-02-29T00:00:00Z'))
  })

  it('knows that 2100 is no leap year and 2000 was one (S12)', async () => {
    expect(await later('2100-01-30T23:59:59Z', 1n, 30n)).to.equal(seconds('2100-02-28T23:59:59Z'))
    expect(await later('2000-01-30T23:59:59Z', 1n, 30n)).to.equal(seconds('2000-02-29T23:59:59Z'))
  })

  it('counts years as twelve months, 29 February among them (S12)', async () => {
    expect(await later('2028-02-29T06:00:00Z', 12n, 29n)).to.equal(seconds('2029-02-28T06:00:00Z'))
    expect(await later('2029-02-28T06:00:00Z', 36n, 29n)).to.equal(seconds('2032-02-29T06:00:00Z'))
  })

  it('is the one of JavaScript at any time, for any months and anchor (S12)', async () => {
    const cases = fc.sample(
      fc.tuple(
        fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
        fc.bigInt({ min: 1n, max: 120n }),
        fc.bigInt({ min: 1n, max: 31n }),
      ),
      { numRuns: 4_000, seed: 643 },
    )
    for (let start = 0; start < cases.length; start += 1_000) {
      const part = cases.slice(start, start + 1_000)
      const [found, days] = await calendar.many(
        part.map(([time]) => time),
        part.map(([, months]) => months),
        part.map(([, , anchor]) => anchor),
      )
      for (const [index, [time, months, anchor]] of part.entries()) {
        expect(found[index], `${time} + ${months} months on day ${anchor}`).to.equal(
          addMonths(time, months, anchor),
        )
        expect(days[index]).to.equal(BigInt(new Date(Number(time) * 1000).getUTCDate()))
      }
    }
  })

  it('knows where every month from 1970 to 2106 begins and ends (S12)', async () => {
    const first = (month: number) => Date.UTC(1970, month, 1) / 1000
    const months = Array.from({ length: 136 * 12 }, (_, month) => month)
    const edges = months.flatMap((month) => [first(month), first(month + 1) - 1]).map(BigInt)
    for (let start = 0; start < edges.length; start += 1_000) {
      const part = edges.slice(start, start + 1_000)
      const all = (value: bigint) => part.map(() => value)
      const [found, days] = await calendar.many(part, all(1n), all(31n))
      for (const [index, time] of part.entries()) {
        expect(found[index], `one month after ${time}`).to.equal(addMonths(time, 1n, 31n))
        expect(days[index], `day of ${time}`).to.equal(BigInt(new Date(Number(time) * 1000).getUTCDate()))
      }
    }
  })
})
