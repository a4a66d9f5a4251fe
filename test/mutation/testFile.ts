import path from 'node:path'
import hre from 'hardhat'
import Mocha from 'mocha'
import type { Question } from './order.ts'

/** Mocha's types do not know its parameter. */
type Loading = {
  readonly loadFilesAsync: (options: { readonly esmDecorator: (name: string) => string }) => Promise<void>
}

type Connection = { readonly close: () => Promise<void> }

const opened = new Set<Connection>()
hre.hooks.registerHandlers('network', {
  newConnection: async (context, next) => {
    const connection = await next(context)
    opened.add(connection)
    return connection
  },
})
// Hardhat's own runner goes on as well: what nobody waits for is not what a test says.
process.on('unhandledRejection', () => undefined)

class Silent extends Mocha.reporters.Base {
  override epilogue(): void {}
}

let runs = 0

/** What a test, its title unless something else failed, found. */
export type Failure = { readonly title?: string | undefined; readonly found: string }

/**
 * Runs tests as if for the first time: their file is loaded anew, so that its world is built of the artifacts as they are
 * now. What it imports is kept, which must hold no state. It may take as long as it likes: on a busy machine a test that is
 * slow is no test that failed.
 *
 * @returns the first failure, or undefined
 */
export async function firstFailure({ file, title }: Question): Promise<Failure | undefined> {
  const mocha = new Mocha({ ...hre.config.test.mocha, bail: true, timeout: 0, reporter: Silent })
  if (title !== undefined) mocha.fgrep(title)
  mocha.addFile(path.resolve(file))
  const run = ++runs
  try {
    const loading: Loading = mocha
    await loading.loadFilesAsync({ esmDecorator: (name) => `${name}?run=${run}` })
    return await failureOf(mocha)
  } catch (error) {
    return { found: String(error) }
  } finally {
    mocha.dispose()
    for (const connection of opened) await connection.close()
    opened.clear()
  }
}

function failureOf(mocha: Mocha): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    let failure: Failure | undefined
    const runner = mocha.run(() => {
      resolve(failure ?? (runner.stats?.passes === 0 ? { found: 'There is no such test.' } : undefined))
    })
    runner.on('fail', (test, error: unknown) => {
      const title = test instanceof Mocha.Test ? test.fullTitle() : undefined
      failure ??= { title, found: String(error) }
    })
  })
}
