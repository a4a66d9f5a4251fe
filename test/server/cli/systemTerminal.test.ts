import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseEther, zeroAddress } from 'viem'
import { startNode, type Node } from '../../support/node.js'
import { temporaryFolder } from './support.js'
import { runAtSystemTerminal } from './systemTerminal.js'
import { backspace, ctrlC, enter, type Typed } from './terminal.js'

describe('commands that ask, at a terminal of the operating system', function () {
  this.timeout(180_000)
  let node: Node
  let folder: Awaited<ReturnType<typeof temporaryFolder>>

  before(async () => {
    node = await startNode()
    folder = await temporaryFolder()
  })

  after(async () => {
    await node.stop()
    await folder.remove()
  })

  const at = (args: readonly string[], ...conversation: readonly Typed[]) =>
    runAtSystemTerminal(args, { cwd: folder.path, env: { SLUICE_RPC: node.url } }, conversation)
  const merchant: Typed = { sees: 'Who is paid?', types: `${zeroAddress.replace(/0$/, '1')}${enter}` }

  it('read every key, and ask again for what is wrong', async () => {
    const { code, screen } = await at(
      ['plan', 'init'],
      merchant,
      { sees: 'Price of a period in ETH?', types: `1,5${enter}` },
      { sees: 'Expected an amount such as 5.00.', types: `${backspace.repeat(2)}.5${enter}` },
      { sees: 'How many months', types: `12${enter}` },
    )
    expect(code, screen).to.equal(0)
    const { plan } = JSON.parse(await readFile(join(folder.path, 'plan.json'), 'utf8')) as { plan: unknown }
    expect(plan).to.include({ price: parseEther('1.5').toString(), unit: 'month', period: 12 })
  })

  it('end with exit code 130 at Ctrl-C, and leave no file', async () => {
    const asked = { sees: 'Price of a period', types: `1${ctrlC}` }
    const { code, screen } = await at(['plan', 'init', '--plan', 'stopped.json'], merchant, asked)
    expect(code, screen).to.equal(130)
    expect(existsSync(join(folder.path, 'stopped.json'))).to.equal(false)
  })
})
