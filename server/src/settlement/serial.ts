/** Runs tasks one after another, in the order they came; one that fails does not stop the next. */
export function createSerial(): {
  readonly run: <Value>(task: () => Promise<Value>) => Promise<Value>
  readonly idle: () => Promise<void>
} {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(task) {
      const next = last.then(task)
      last = next.catch(() => undefined)
      return next
    },
    async idle() {
      await last
    },
  }
}
