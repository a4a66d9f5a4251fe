/**
 * `r‖s` of an ECDSA signature in DER, as OpenSSL makes it. Asking `node:crypto` for this form directly takes twice the
 * time of a whole P-256 signature.
 *
 * @param der `30 len 02 len r 02 len s`; both numbers are of 32 bytes at most
 * @returns 64 bytes
 */
export function decodeDerSignature(der: Uint8Array): Uint8Array {
  const rs = new Uint8Array(64)
  const rLength = der[3] ?? 0
  const sAt = 6 + rLength
  writeRight(rs, 32, der.subarray(4, 4 + rLength))
  writeRight(rs, 64, der.subarray(sAt, sAt + (der[sAt - 1] ?? 0)))
  return rs
}

/**
 * The DER form of `r‖s`.
 *
 * @param rs 64 bytes, neither number zero
 */
export function encodeDerSignature(rs: Uint8Array): Uint8Array {
  const der = new Uint8Array(72)
  const rEnd = writeInteger(der, 2, rs, 0)
  const end = writeInteger(der, rEnd, rs, 32)
  der[0] = 0x30
  der[1] = end - 2
  return der.subarray(0, end)
}

/** Right-aligns a number before `end`; a leading zero byte that only marks its sign falls away. */
function writeRight(target: Uint8Array, end: number, number: Uint8Array): void {
  const digits = number.length > 32 ? number.subarray(number.length - 32) : number
  target.set(digits, end - digits.length)
}

/** Writes 32 bytes as a DER integer: no leading zeros, except one before a set top bit. Returns where it ends. */
function writeInteger(der: Uint8Array, at: number, rs: Uint8Array, offset: number): number {
  let start = offset
  while (start < offset + 31 && rs[start] === 0) start++
  const padding = (rs[start] ?? 0) >> 7
  const length = offset + 32 - start
  der[at] = 0x02
  der[at + 1] = length + padding
  der.set(rs.subarray(start, offset + 32), at + 2 + padding)
  return at + 2 + padding + length
}
