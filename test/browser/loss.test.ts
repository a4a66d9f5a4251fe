import { expect } from 'chai'
import type { Socket } from 'node:dgram'
import { recordsOf, watchDatagrams } from './support/datagrams.ts'
import { usePages } from './support/pages.ts'
import { watchPicture } from './support/picture.ts'
import { arrive, watch, type Viewer } from './support/viewer.ts'

/** Content type that says that encryption begins (RFC 5246, 6.2.1): a browser's last flight has it. */
const changeCipherSpec = 20

describe('a browser whose packets are lost', function () {
  this.timeout(300_000)
  const { world, browser } = usePages()
  let viewer: Viewer
  let offers: number

  beforeEach(async () => {
    viewer = await arrive(world(), browser())
    offers = 0
    viewer.page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/stage/whep')) offers += 1
    })
  })
  afterEach(() => viewer.context.close())

  it('sees the picture on its first connection although its last word of the handshake was lost', async () => {
    let lost = 0
    const stop = watchDatagrams(({ bytes, way }) => {
      const isLast = way === 'in' && recordsOf(bytes).some(({ type }) => type === changeCipherSpec)
      if (!isLast || lost > 0) return true
      lost += 1
      return false
    })
    try {
      await watch(viewer)
      await (await watchPicture(viewer.page)).moves()
      expect({ lost, offers }).to.deep.equal({ lost: 1, offers: 1 })
    } finally {
      stop()
    }
  })

  it('is sent every record under a number of its own, also what is sent again', async () => {
    const numbers = new Map<Socket, string[]>()
    let lost = 0
    const stop = watchDatagrams(({ bytes, way, socket }) => {
      const records = recordsOf(bytes)
      if (way === 'out') {
        const told = numbers.get(socket) ?? []
        numbers.set(socket, told)
        for (const { epoch, number } of records) told.push(`${epoch}:${number}`)
        return true
      }
      const isLast = records.some(({ type }) => type === changeCipherSpec)
      if (isLast) lost += 1
      return !isLast || lost > 2
    })
    try {
      await watch(viewer)
      await (await watchPicture(viewer.page)).moves()
    } finally {
      stop()
    }
    expect(lost).to.be.greaterThan(2)
    const [told = []] = [...numbers.values()].filter(({ length }) => length > 20)
    expect(told).to.have.length.greaterThan(20)
    expect(new Set(told).size).to.equal(told.length)
  })
})
