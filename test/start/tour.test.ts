import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'

const root = path.resolve(import.meta.dirname, '../..')

describe('npm start', () => {
  it('tours a channel from deposit to refund and a tournament from stakes to prizes, and every balance is exact', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/run.mjs', 'start'], {
      cwd: root,
    })
    expect(stdout).to.contain('resumed where it was')
    expect(stdout.match(/Checking every balance to the base unit/g)).to.have.length(2)
    expect(stdout.match(/wins$/gm)).to.have.length(7)
    // Half of the pool, with the base unit that does not divide.
    expect(stdout).to.match(/1\. \w+ +50\.500001 USDC/)
    expect(stdout).to.not.contain('OFF ')
    expect(stdout).to.contain('Every balance is exact.')
  }).timeout(180_000)

  it('refuses a part that there is none of', async () => {
    const failed: unknown = await promisify(execFile)(
      process.execPath,
      ['scripts/start/main.ts', '--only', 'chess'],
      { cwd: root },
    ).catch((error: unknown) => error)
    expect(failed).to.include({ code: 2 })
  }).timeout(60_000)
})
