import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { quietly, root, run, step } from './process.mjs'

/** The Node everything is built and tested with. Hardhat wants 22.13, `node:sqlite` and stripped types want 24. */
const pinned = '24.21.0'
const wanted = Number(pinned.split('.')[0])

/**
 * Goes on when this is the Node the project wants; else starts this very command again under one that is, installed
 * into `.toolchain` first when it is not there yet, and ends with its exit code.
 */
export async function reexecUnderPinnedNode() {
  if (Number(process.versions.node.split('.')[0]) === wanted) return
  if (process.env.SLUICE_REEXEC === '1') {
    throw new Error(
      `Node ${pinned} was started, yet this is ${process.versions.node}. Remove .toolchain and try again.`,
    )
  }
  const directory = path.join(root, '.toolchain')
  const binaries = path.join(directory, 'node_modules', '.bin')
  const node = path.join(binaries, 'node')
  if (!existsSync(node)) {
    await step(`Installing Node ${pinned} into .toolchain`, async () => {
      mkdirSync(directory, { recursive: true })
      await quietly('npm', [
        'install',
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--prefix',
        directory,
        `node@${pinned}`,
      ])
    })
  }
  const { code } = await run(node, process.argv.slice(1), {
    show: 'inherit',
    env: { PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`, SLUICE_REEXEC: '1' },
  })
  process.exit(code)
}
