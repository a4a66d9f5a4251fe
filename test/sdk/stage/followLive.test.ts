import { expect } from 'chai'
import { followLive } from '@sluice/sdk/stage'
import { followPlayer, type Player } from '../../../sdk/dist/viewer/player.js'
import { createVirtualClock } from '../../support/virtualClock.js'

type Name = Parameters<Player['addEventListener']>[0]

/** A live picture as far as it can be looked at: the test moves it. */
function watchLive() {
  const clock = createVirtualClock()
  const listeners = new Map<Name, Set<() => void>>()
  const video = {
    currentTime: 0,
    paused: true,
    addEventListener: (name: Name, listener: () => void) => {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
    },
    removeEventListener: (name: Name, listener: () => void) => {
      listeners.get(name)?.delete(listener)
    },
  }
  const said: string[] = []
  let shown = 0n
  const follow = (player: Player): (() => void) =>
    followPlayer(player, {
      playing: () => said.push('playing'),
      stopped: (reason) => said.push(reason),
      shown: (milliseconds) => {
        shown += milliseconds
      },
    })
  const end = followLive({ follow }, video, { clock })
  return {
    clock,
    video,
    said,
    end,
    shown: () => shown,
    fire: (name: Name) => {
      for (const listener of listeners.get(name) ?? []) listener()
    },
    listening: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    /** The picture moves for so long, in steps of 100 ms. */
    move: async (milliseconds: number) => {
      for (let moved = 0; moved < milliseconds; moved += 100) {
        video.currentTime += 0.1
        await clock.advance(100)
      }
    },
  }
}

describe('following a live picture', () => {
  it('asks for a first picture without paying for time that nothing moves', async () => {
    const { clock, video, said, shown, fire } = watchLive()
    expect(said).to.deep.equal([])
    video.paused = false
    fire('waiting')
    expect(said).to.deep.equal(['buffering'])
    await clock.advance(5_000)
    expect(said).to.deep.equal(['buffering'])
    expect(shown()).to.equal(0n)
  })

  it('counts what moved, and stops when the picture stands still without an event that says so', async () => {
    const { clock, video, said, shown, move } = watchLive()
    video.paused = false
    await move(3_000)
    expect(said).to.deep.equal(['playing'])
    expect(Number(shown())).to.be.within(2_600, 3_000)
    await clock.advance(1_500)
    expect(said).to.deep.equal(['playing', 'buffering'])
    const before = shown()
    await clock.advance(10_000)
    expect(shown()).to.equal(before)
    await move(500)
    expect(said).to.deep.equal(['playing', 'buffering', 'playing'])
  })

  it('stops at once when the viewer pauses, and waits for a picture when the viewer plays on', async () => {
    const { video, said, move, fire } = watchLive()
    video.paused = false
    await move(500)
    video.paused = true
    fire('pause')
    expect(said).to.deep.equal(['playing', 'viewer'])
    video.paused = false
    await move(400)
    expect(said.at(-1)).to.equal('playing')
  })

  it('leaves nothing behind when it ends', async () => {
    const { clock, video, listening, end, said } = watchLive()
    video.paused = false
    await clock.advance(500)
    end()
    expect(listening()).to.equal(0)
    expect(clock.pending()).to.equal(0)
    const heard = said.length
    await clock.advance(5_000)
    expect(said).to.have.length(heard)
  })
})
