// One shard of a payee: its own hub, its own database, the channels whose id falls to it.
import { parentPort, workerData } from 'node:worker_threads'
import { createPayeePath, shardOf } from '../subjects/payeePath.mjs'

const { shard, shards, sessions } = workerData
const path = await createPayeePath({
  engine: 'native',
  sessions,
  member: (channelId) => shardOf(channelId, shards) === shard,
})
const commands = { check: path.check, prepare: path.prepare, run: path.run, close: path.close }

parentPort.on('message', async ({ command, argument }) => {
  await commands[command](argument)
  parentPort.postMessage('done')
})
parentPort.postMessage('done')
