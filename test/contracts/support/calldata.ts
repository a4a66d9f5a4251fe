/** The call with one bit set in one word of its arguments; the compiler's coder would never write it. */
export function withDirtyWord(data: string, word: number, bit: number): string {
  const start = 10 + word * 64
  const value = BigInt(`0x${data.slice(start, start + 64)}`) | (1n << BigInt(bit))
  return data.slice(0, start) + value.toString(16).padStart(64, '0') + data.slice(start + 64)
}
