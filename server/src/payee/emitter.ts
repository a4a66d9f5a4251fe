/** Hands events to whoever listens, by name. A listener that throws is reported and disturbs nobody. */
export type Emitter<Events> = {
  readonly emit: <Name extends keyof Events>(name: Name, event: Events[Name]) => void
  readonly on: <Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void) => () => void
}

/** @param onThrow what a listener threw */
export function createEmitter<Events>(onThrow: (error: unknown) => void): Emitter<Events> {
  const listeners: { [Name in keyof Events]?: Set<(event: Events[Name]) => void> } = {}
  return {
    emit: (name, event) => {
      for (const listener of [...(listeners[name] ?? [])]) {
        try {
          listener(event)
        } catch (error) {
          onThrow(error)
        }
      }
    },
    on: (name, listener) => {
      const set = (listeners[name] ??= new Set())
      set.add(listener)
      return () => {
        set.delete(listener)
      }
    },
  }
}
