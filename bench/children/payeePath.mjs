// node children/payeePath.mjs '{"engine":"native","rounds":5,"seconds":1,"warmSeconds":1}' -> one line of JSON
import { alternate } from '../harness/alternate.mjs'
import { createMppxAccept } from '../peers/mppx.mjs'
import { createX402Facilitator, createX402Local } from '../peers/x402.mjs'
import { createPayeePath } from '../subjects/payeePath.mjs'

const { engine, ...options } = JSON.parse(process.argv[2] ?? '{}')
const subjects = [
  await createPayeePath({ engine }),
  await createX402Local(),
  await createX402Facilitator(),
  await createMppxAccept(),
]
console.log(JSON.stringify(await alternate(subjects, options)))
process.exit(0)
