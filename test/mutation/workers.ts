import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { copyArtifacts, removeArtifacts } from './artifacts.ts'
import type { Question } from './order.ts'

/** A change to make, none for the contracts as they are, and the tests to ask, in this order. */
export type Task = {
  readonly change?: { readonly file: string; readonly source: string }
  readonly questions: readonly Question[]
}

/** What came of it: `invalid` did not compile, `same` compiled to the same code. */
export type Answer =
  | { readonly outcome: 'survived' | 'invalid' | 'same' }
  | { readonly outcome: 'killed'; readonly by?: Question; readonly found: string }

/** A process that makes changes and runs tests, one task at a time, and is replaced when it does not come back. */
export type Worker = {
  /** @param patienceMs how long it may take, which is tried twice: a change can make a loop endless, or the machine be busy */
  readonly ask: (task: Task, patienceMs: number) => Promise<Answer>
  readonly end: () => void
}

export function createWorker(root: string, contract: string): Worker {
  const folder = copyArtifacts(root)
  let child: ChildProcess | undefined

  return {
    ask: async (task, patienceMs) => {
      for (let attempt = 0; attempt < 2; attempt++) {
        if (child?.connected !== true) child = await start(root, contract, folder)
        const answer = await answerOf(child, task, patienceMs)
        if (answer !== undefined) return answer
        child.kill('SIGKILL')
        child = undefined
      }
      return { outcome: 'killed', found: 'It did not come back.' }
    },
    end: () => {
      child?.kill('SIGKILL')
      removeArtifacts(folder)
    },
  }
}

async function start(root: string, contract: string, folder: string): Promise<ChildProcess> {
  const hardhat = path.join(root, 'node_modules/hardhat/dist/src/cli.js')
  const script = path.join(import.meta.dirname, 'worker.ts')
  const child = fork(hardhat, ['--config', 'hardhat.mutation.config.ts', 'run', '--no-compile', script], {
    cwd: root,
    env: { ...process.env, SLUICE_MUTATED: contract, SLUICE_ARTIFACTS: folder },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (text) => (said = `${said}${text}`.slice(-2_000)))
  if ((await next(child)) === undefined) throw new Error(`A worker for ${contract} did not start: ${said}`)
  return child
}

function answerOf(child: ChildProcess, task: Task, patienceMs: number): Promise<Answer | undefined> {
  const answer = next(child, patienceMs)
  child.send(task)
  return answer
}

/** The child's next message, or undefined when it ended or took too long. */
function next(child: ChildProcess, patienceMs?: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const done = (answer?: Answer) => {
      clearTimeout(timer)
      child.off('message', heard).off('exit', ended)
      resolve(answer)
    }
    const heard = (answer: unknown) => {
      done(answer as Answer)
    }
    const ended = () => {
      done()
    }
    const timer = patienceMs === undefined ? undefined : setTimeout(ended, patienceMs)
    child.on('message', heard).on('exit', ended)
  })
}
