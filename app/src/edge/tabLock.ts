/** Only one tab pays for a stream at a time. */
export type TabLock = {
  /**
   * Takes the lock.
   *
   * @param options `takeOver`: take it from the tab that holds it
   * @param lost called once when another tab took it over
   * @returns gives it back; undefined when another tab holds it
   */
  readonly take: (
    options: { readonly takeOver: boolean },
    lost: () => void,
  ) => Promise<(() => void) | undefined>
}

/**
 * A lock among the tabs of this browser, by the Web Locks API: it is free again when its tab is gone, however it went.
 *
 * @param name what is locked
 */
export function createTabLock(name: string): TabLock {
  return {
    take: ({ takeOver }, lost) =>
      new Promise((resolve, reject) => {
        let given = false
        const held = (lock: Lock | null): Promise<void> | undefined => {
          if (lock === null) {
            resolve(undefined)
            return undefined
          }
          given = true
          return new Promise((release) => {
            resolve(release)
          })
        }
        const mode = takeOver ? { steal: true } : { ifAvailable: true }
        navigator.locks.request(name, mode, held).catch((error: unknown) => {
          if (given) lost()
          else reject(error instanceof Error ? error : new Error(String(error)))
        })
      }),
  }
}
