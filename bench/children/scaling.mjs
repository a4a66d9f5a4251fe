// node children/scaling.mjs '{"rounds":5,"seconds":1,"warmSeconds":1}' -> one line of JSON
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { alternate } from '../harness/alternate.mjs'

const sessions = 2000

/** The payee's path shared among worker threads by channel id. */
async function createPool(shards) {
  const workers = await Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      const worker = new Worker(new URL('./scalingWorker.mjs', import.meta.url), {
        workerData: { shard, shards, sessions: sessions / shards },
      })
      await once(worker, 'message')
      return worker
    }),
  )
  const all = (command, argument) =>
    Promise.all(
      workers.map(async (worker) => {
        worker.postMessage({ command, argument })
        await once(worker, 'message')
      }),
    )
  return {
    name: `workers-${shards}`,
    check: () => all('check'),
    prepare: (count) => all('prepare', count / shards),
    run: () => all('run'),
    async close() {
      await all('close')
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

const subjects = [await createPool(1), await createPool(2)]
const rates = await alternate(subjects, JSON.parse(process.argv[2] ?? '{}'))
console.log(JSON.stringify(rates))
