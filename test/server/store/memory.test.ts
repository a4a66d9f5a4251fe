import { createMemoryDisk, createMemoryStore } from '../../../server/dist/store/memory.js'
import { describeStore } from './conformance.js'

describeStore('memory', (clock) => {
  const disk = createMemoryDisk()
  const store = createMemoryStore({ clock, disk })
  return Promise.resolve({
    store,
    reopen: () => Promise.resolve(createMemoryStore({ clock, disk })),
    end: () => store.close(),
  })
})
