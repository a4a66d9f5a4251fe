/** One encoded frame; `timestamp` in microseconds. */
export type IvfFrame = { readonly timestamp: number; readonly bytes: Buffer }

export type IvfHeader = { readonly codec: 'VP80' | 'Opus'; readonly width: number; readonly height: number }

const headerBytes = 32
const frameHeaderBytes = 12
const microseconds = 1_000_000

/** Writes frames in IVF, the container of the VP8 test vectors: a header, and before each frame its size and time. */
export function writeIvf({ codec, width, height }: IvfHeader, frames: readonly IvfFrame[]): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('DKIF', 0, 'latin1')
  header.writeUInt16LE(headerBytes, 6)
  header.write(codec, 8, 'latin1')
  header.writeUInt16LE(width, 12)
  header.writeUInt16LE(height, 14)
  header.writeUInt32LE(microseconds, 16)
  header.writeUInt32LE(1, 20)
  header.writeUInt32LE(frames.length, 24)
  const parts = frames.flatMap(({ timestamp, bytes }) => {
    const before = Buffer.alloc(frameHeaderBytes)
    before.writeUInt32LE(bytes.length, 0)
    before.writeBigUInt64LE(BigInt(timestamp), 4)
    return [before, bytes]
  })
  return Buffer.concat([header, ...parts])
}

/** Reads what {@link writeIvf} wrote. */
export function readIvf(file: Buffer): readonly IvfFrame[] {
  if (file.toString('latin1', 0, 4) !== 'DKIF') throw new Error('this is no IVF file')
  const frames: IvfFrame[] = []
  for (let at = headerBytes; at < file.length;) {
    const size = file.readUInt32LE(at)
    const timestamp = Number(file.readBigUInt64LE(at + 4))
    at += frameHeaderBytes
    frames.push({ timestamp, bytes: file.subarray(at, at + size) })
    at += size
  }
  return frames
}
