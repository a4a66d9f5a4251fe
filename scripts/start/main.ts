import { parseArgs } from 'node:util'
import { channels } from './channels.ts'
import type { Part } from './part.ts'
import { createScreen } from './screen.ts'
import { tournament } from './tournament.ts'

/** What the tour goes through, in this order. */
const parts: readonly Part[] = [channels, tournament]

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    serve: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
// Only the channels have something to serve.
const only = values.only ?? (values.serve ? channels.name : undefined)
const chosen = parts.filter(({ name }) => only === undefined || name === only)

if (values.help) {
  console.log(help())
} else if (chosen.length === 0) {
  console.error(`There is no part "${String(only)}".\n\n${help()}`)
  process.exitCode = 2
} else if (values.serve && only !== channels.name) {
  console.error(`Only the ${channels.name} have something to serve.\n\n${help()}`)
  process.exitCode = 2
} else {
  const screen = createScreen(process.stdout, () => performance.now())
  let exact = true
  for (const part of chosen) {
    exact = (await part.run(screen, { serve: values.serve })) && exact
  }
  console.log(exact ? '\nEvery balance is exact.' : '\nSomething is off, see above.')
  process.exitCode = exact ? 0 : 1
}

function help(): string {
  const names = parts.map(({ name }) => name).join('|')
  const width = Math.max(...parts.map(({ name }) => name.length))
  return [
    `npm start [-- [--only ${names}] [--serve]]`,
    '',
    ...parts.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    '',
    '  --only   runs one part',
    '  --serve  runs the channels and keeps their chain and payee running afterwards',
  ].join('\n')
}
