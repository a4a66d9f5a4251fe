// node children/sign.mjs '{"engine":"native","rounds":5,"seconds":1,"warmSeconds":1}' -> one line of JSON
import { alternate } from '../harness/alternate.mjs'
import { createMppxSigning } from '../peers/mppx.mjs'
import { createX402Signing } from '../peers/x402.mjs'
import { createSigning } from '../subjects/signing.mjs'

const { engine, ...options } = JSON.parse(process.argv[2] ?? '{}')
const subjects = [await createSigning(engine), await createX402Signing(), await createMppxSigning()]
console.log(JSON.stringify(await alternate(subjects, options)))
