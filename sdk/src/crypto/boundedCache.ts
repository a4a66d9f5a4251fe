/**
 * Remembers the values used most recently, at least `size` and at most twice as many. Two generations instead of a
 * list: a hit on a recent key costs one look-up and moves nothing.
 */
export class BoundedCache<value> {
  readonly #size: number
  #young = new Map<string, value>()
  #old = new Map<string, value>()

  /** @param size how many values are surely kept */
  constructor(size: number) {
    this.#size = size
  }

  get(key: string): value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: value): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
