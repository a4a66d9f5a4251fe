import { createStore, type Store } from '../../store.ts'

/** What a demo wallet wants to know of the person. */
export type Question = {
  readonly kind: 'connect' | 'transaction' | 'typedData' | 'message'
  readonly account: string
  /** What would be signed, as name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly answer: (approved: boolean) => void
}

/** The questions of demo wallets, one after the other. */
export type Questions = {
  readonly current: Pick<Store<Question | undefined>, 'get' | 'subscribe'>
  /** Resolves with the person's answer. */
  readonly ask: (question: Omit<Question, 'answer'>) => Promise<boolean>
}

export function createQuestions(): Questions {
  const current = createStore<Question | undefined>(undefined)
  let tail: Promise<unknown> = Promise.resolve()

  function show(question: Omit<Question, 'answer'>): Promise<boolean> {
    return new Promise((resolve) => {
      current.set({
        ...question,
        answer: (approved) => {
          current.set(undefined)
          resolve(approved)
        },
      })
    })
  }

  return {
    current,
    ask: (question) => {
      const answered = tail.then(() => show(question))
      tail = answered
      return answered
    },
  }
}
