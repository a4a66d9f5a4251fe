import path from 'node:path'
import hre from 'hardhat'
import Mocha from 'mocha'

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

/**
 * Runs a test file as if for the first time: it is loaded anew, so that its world is built of the artifacts as they are
 * now. What it imports is kept, which must hold no state.
 *
 * @param file relative to the repository
 * @returns the first failure, or undefined
 */
export async function failureOf(file: string): Promise<string | undefined> {
  const mocha = new Mocha({ ...hre.config.test.mocha, bail: true, reporter: Silent })
  mocha.addFile(path.resolve(file))
  const run = ++runs
  try {
    const loading: Loading = mocha
    await loading.loadFilesAsync({ esmDecorator: (name) => `${name}?run=${run}` })
    return await firstFailure(mocha)
  } catch (error) {
    return String(error)
  } finally {
    mocha.dispose()
    for (const connection of opened) await connection.close()
    opened.clear()
  }
}

function firstFailure(mocha: Mocha): Promise<string | undefined> {
  return new Promise((resolve) => {
    let failure: string | undefined
    const runner = mocha.run(() => {
      resolve(failure ?? (runner.stats?.passes === 0 ? 'There is no test.' : undefined))
    })
    runner.on('fail', (test, error: unknown) => (failure ??= `${test.fullTitle()}: ${String(error)}`))
  })
}
