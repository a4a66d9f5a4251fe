import { parseArgs } from 'node:util'
import { channelsTour } from './channels.ts'
import { createScreen } from './screen.ts'

const { values } = parseArgs({
  options: {
    serve: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  console.log('npm start [-- --serve]\n\n  --serve  keep the chain and the payee running afterwards')
} else {
  const screen = createScreen(process.stdout, () => performance.now())
  const exact = await channelsTour(screen, { serve: values.serve })
  console.log(exact ? '\nEvery balance is exact.' : '\nSomething is off, see above.')
  process.exitCode = exact ? 0 : 1
}
