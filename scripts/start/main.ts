import { parseArgs } from 'node:util'
import { channels } from './channels.ts'
import { checkStage } from './check.ts'
import type { Part } from './part.ts'
import { createScreen } from './screen.ts'
import { runStage } from './stage.ts'
import { tournament } from './tournament.ts'

/** What the tour goes through, in this order. */
const parts: readonly Part[] = [channels, tournament]

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    serve: { type: 'boolean', default: false },
    stage: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
// Only the channels have something to serve.
const only = values.only ?? (values.serve ? channels.name : undefined)
const chosen = parts.filter(({ name }) => only === undefined || name === only)
const screen = createScreen(process.stdout, () => performance.now())

if (values.help) {
  console.log(help())
} else if (chosen.length === 0) {
  refuse(`There is no part "${String(only)}".`)
} else if (values.serve && only !== channels.name) {
  refuse(`Only the ${channels.name} have something to serve.`)
} else if (values.stage) {
  await runStage(screen)
} else if (values.check) {
  conclude(await checkStage(screen))
} else {
  let exact = true
  for (const part of chosen) {
    exact = (await part.run(screen, { serve: values.serve })) && exact
  }
  conclude(exact)
  // Somebody is there to look at it.
  if (process.stdout.isTTY && only === undefined) await runStage(screen)
}

function conclude(exact: boolean): void {
  console.log(exact ? '\nEvery balance is exact.' : '\nSomething is off, see above.')
  process.exitCode = exact ? 0 : 1
}

function refuse(why: string): void {
  console.error(`${why}\n\n${help()}`)
  process.exitCode = 2
}

function help(): string {
  const names = parts.map(({ name }) => name).join('|')
  const width = Math.max(...parts.map(({ name }) => name.length))
  return [
    `npm start [-- --stage | --check | --only ${names} [--serve]]`,
    '',
    ...parts.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'On a terminal the tour ends with the stage, a live stream in the browser, until Ctrl-C; elsewhere it just ends.',
    '',
    '  --stage  opens the stage at once',
    '  --check  opens the stage, goes through it in a browser without a window, and ends',
    '  --only   runs one part of the tour',
    '  --serve  runs the channels and keeps their chain and payee running afterwards',
  ].join('\n')
}
