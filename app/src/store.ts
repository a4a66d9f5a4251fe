import { useSyncExternalStore } from 'react'

/** A value that is watched. */
export type Store<Value> = {
  readonly get: () => Value
  readonly set: (value: Value) => void
  /** Replaces the named parts of an object. */
  readonly patch: (parts: Partial<Value>) => void
  readonly subscribe: (listener: () => void) => () => void
}

/** A store that tells its listeners of every change. */
export function createStore<Value>(initial: Value): Store<Value> {
  let value = initial
  const listeners = new Set<() => void>()
  const set = (next: Value): void => {
    value = next
    for (const listener of [...listeners]) listener()
  }
  return {
    get: () => value,
    set,
    patch: (parts) => {
      set({ ...value, ...parts })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value of a store, for a component. */
export function useStore<Value>(store: Pick<Store<Value>, 'get' | 'subscribe'>): Value {
  return useSyncExternalStore(store.subscribe, store.get)
}
