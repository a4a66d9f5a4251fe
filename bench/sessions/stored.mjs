// What a payee finds in its database after a restart. node sessions/stored.mjs <database> -> one line of JSON
import { systemClock } from '../../sdk/dist/session/index.js'
import { openSqliteStore } from '../../server/dist/store/sqlite.js'

const store = openSqliteStore({ path: process.argv[2], clock: systemClock })
const records = await store.listAll()
await store.close()
console.log(
  JSON.stringify({ stored: records.map(({ channelId, accepted }) => [channelId, Number(accepted)]) }),
)
