import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'

const root = path.resolve(import.meta.dirname, '../..')

describe('npm start', () => {
  it('tours a channel from deposit to refund, and every balance is exact', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/run.mjs', 'start'], {
      cwd: root,
    })
    expect(stdout).to.contain('resumed where it was')
    expect(stdout).to.contain('Every balance is exact.')
  }).timeout(120_000)
})
