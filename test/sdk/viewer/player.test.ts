import { expect } from 'chai'
import fc from 'fast-check'
import { followPlayer, type Player } from '../../../sdk/dist/viewer/player.js'

type Name = Parameters<Player['addEventListener']>[0]

/** A media element as far as events go: the test plays the browser. */
function createPlayer(start: { readonly paused: boolean; readonly currentTime?: number } = { paused: true }) {
  const listeners = new Map<Name, Set<() => void>>()
  const player = {
    currentTime: start.currentTime ?? 0,
    paused: start.paused,
    addEventListener: (name: Name, listener: () => void) => {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
    },
    removeEventListener: (name: Name, listener: () => void) => {
      listeners.get(name)?.delete(listener)
    },
  }
  const fire = (name: Name, at?: number): void => {
    if (at !== undefined) player.currentTime = at
    for (const listener of listeners.get(name) ?? []) listener()
  }
  const said: string[] = []
  let shown = 0n
  const end = followPlayer(player, {
    playing: () => said.push('playing'),
    stopped: (reason) => said.push(reason),
    shown: (milliseconds) => {
      shown += milliseconds
    },
  })
  return {
    fire,
    said,
    shown: () => shown,
    end,
    listening: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
  }
}

describe('following a player', () => {
  it('says that it plays when it plays already', () => {
    expect(createPlayer({ paused: false }).said).to.deep.equal(['playing'])
    expect(createPlayer().said).to.deep.equal([])
  })

  it('counts what was shown, from where it stood when it was followed', () => {
    const { fire, shown } = createPlayer({ paused: false, currentTime: 100 })
    fire('timeupdate', 100.25)
    fire('timeupdate', 100.5)
    fire('timeupdate', 101.5)
    expect(shown()).to.equal(1_500n)
  })

  it('loses no fraction of a millisecond over many updates', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_999_999 }), { minLength: 1, maxLength: 300 }),
        (steps) => {
          const { fire, shown } = createPlayer({ paused: false })
          let micros = 0
          for (const step of steps) {
            micros += step
            fire('timeupdate', micros / 1_000_000)
          }
          const expected = micros / 1000
          expect(Math.abs(Number(shown()) - expected)).to.be.at.most(1)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('stops while it buffers, and pays nothing for the wait', () => {
    const { fire, said, shown } = createPlayer({ paused: false })
    fire('timeupdate', 1)
    fire('waiting')
    expect(said).to.deep.equal(['playing', 'buffering'])
    fire('playing')
    fire('timeupdate', 1.5)
    expect(said).to.deep.equal(['playing', 'buffering', 'playing'])
    expect(shown()).to.equal(1_500n)
  })

  it('stops when the viewer pauses or the end is reached', () => {
    const { fire, said } = createPlayer({ paused: false })
    fire('pause')
    fire('playing')
    fire('ended')
    expect(said).to.deep.equal(['playing', 'viewer', 'playing', 'viewer'])
  })

  it('pays nothing for a seek, forwards or back', () => {
    const { fire, shown } = createPlayer({ paused: false })
    fire('timeupdate', 1)
    fire('seeking', 600)
    fire('timeupdate', 600)
    fire('timeupdate', 600.5)
    fire('seeking', 10)
    fire('timeupdate', 10.25)
    expect(shown()).to.equal(1_750n)
  })

  it('pays nothing for a jump that no seek announced, and counts on behind it', () => {
    const { fire, shown } = createPlayer({ paused: false })
    fire('timeupdate', 0.5)
    fire('timeupdate', 2.6)
    expect(shown()).to.equal(500n)
    fire('timeupdate', 2.85)
    fire('timeupdate', 1)
    fire('timeupdate', 1)
    fire('timeupdate', 1.25)
    expect(shown()).to.equal(1_000n)
  })

  it('takes a step of two seconds for playing, as hidden tabs report rarely, and a longer one for a jump', () => {
    const { fire, shown } = createPlayer({ paused: false })
    fire('timeupdate', 2)
    expect(shown()).to.equal(2_000n)
    fire('timeupdate', 4.001)
    expect(shown()).to.equal(2_000n)
  })

  it('ends without a trace', () => {
    const { fire, said, shown, end, listening } = createPlayer()
    expect(listening()).to.equal(6)
    end()
    expect(listening()).to.equal(0)
    fire('playing')
    fire('timeupdate', 1)
    expect(said).to.deep.equal([])
    expect(shown()).to.equal(0n)
  })
})
