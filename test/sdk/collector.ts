/** Collects what a watch tells and lets a test wait until it was enough. */
export function collector<event>() {
  const events: event[] = []
  const errors: string[] = []
  let check: () => void = () => undefined
  return {
    events,
    errors,
    onEvent: (event: event) => {
      events.push(event)
      check()
    },
    onError: ({ code }: { readonly code: string }) => {
      errors.push(code)
      check()
    },
    until: (ready: () => boolean) =>
      new Promise<void>((resolve) => {
        check = () => {
          if (ready()) resolve()
        }
        check()
      }),
  }
}
