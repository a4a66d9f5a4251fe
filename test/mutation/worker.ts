// Makes one change after another and runs the tests against it, all in this process, as long as its parent asks. Started
// by workers.ts through `hardhat run`, which lets TypeScript and the project's plugins in.
import { once } from 'node:events'
import path from 'node:path'
import { putCode } from './artifacts.ts'
import { compile, effort, isSame, readSources } from './compile.ts'
import { targetOf } from './targets.ts'
import { firstFailure } from './testFile.ts'
import type { Answer, Task } from './workers.ts'

const { SLUICE_MUTATED = '', SLUICE_ARTIFACTS = '' } = process.env
const root = path.resolve(import.meta.dirname, '../..')
const { compiled } = targetOf(SLUICE_MUTATED)
const sources = readSources(root, compiled)
const unchanged = compile(sources, compiled, effort.little)

async function answer({ change, questions }: Task): Promise<Answer> {
  const changed = change === undefined ? sources : new Map(sources).set(change.file, change.source)
  // Some changes need more effort to fit the stack.
  const code = compile(changed, compiled, effort.little) ?? compile(changed, compiled, effort.more)
  if (code === undefined) return { outcome: 'invalid' }
  if (change !== undefined && isSame(code, unchanged)) return { outcome: 'same' }
  putCode(SLUICE_ARTIFACTS, code)
  for (const question of questions) {
    const failure = await firstFailure(question)
    if (failure === undefined) continue
    return { outcome: 'killed', by: { file: question.file, title: failure.title }, found: failure.found }
  }
  return { outcome: change !== undefined && makesNoDifference(changed) ? 'same' : 'survived' }
}

function makesNoDifference(changed: typeof sources): boolean {
  return isSame(compile(changed, compiled, effort.more), compile(sources, compiled, effort.more))
}

process.on('message', (task: Task) => {
  void answer(task).then((found) => process.send?.(found))
})
process.send?.({ outcome: 'ready' })
await once(process, 'disconnect')
