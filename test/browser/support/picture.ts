import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import type { Page } from 'playwright-core'

/** How long a picture has to stand still to count as standing, milliseconds. */
const stillMs = 2_500

const countFrames = readFileSync(path.join(import.meta.dirname, 'countFrames.js'), 'utf8')

/** What countFrames.js leaves in a page. */
type Counted = { readonly seen: { readonly frames: number; readonly lastAt: number } }

/** Red, green and blue, 0 to 255. */
type Colour = readonly number[]

/** Frames of the page's player, as the browser says they were shown. */
export type Picture = {
  /** Frames shown so far. */
  readonly frames: () => Promise<number>
  /** Resolves once so many further frames were shown. */
  readonly moves: (frames?: number) => Promise<void>
  /** Resolves once no frame was shown for a while. */
  readonly stands: () => Promise<void>
  /** What is shown as eight rows of eight colours, from its upper left. */
  readonly colours: () => Promise<readonly Colour[]>
}

/** Counts the frames that a page shows from now on. */
export async function watchPicture(page: Page): Promise<Picture> {
  // Evaluated by the debugger, which a content security policy does not bind.
  await page.evaluate(countFrames)
  const frames = (): Promise<number> => page.evaluate('seen.frames')
  return {
    frames,
    moves: async (more = 10) => {
      const least = (await frames()) + more
      await page.waitForFunction((wanted) => (window as unknown as Counted).seen.frames >= wanted, least)
    },
    stands: async () => {
      await page.waitForFunction(
        (still) => performance.now() - (window as unknown as Counted).seen.lastAt > still,
        stillMs,
      )
    },
    colours: () => page.evaluate<readonly Colour[]>('colours()'),
  }
}

/** The picture stands still although the person lets it play: nothing comes. */
export async function expectStarved(page: Page, picture: Picture): Promise<void> {
  await picture.stands()
  expect(await page.evaluate(() => document.querySelector('video')?.paused)).to.equal(false)
}

/** What is shown is the test card: its first and its sixth bar. */
export function expectTestCard(picture: Picture): Promise<void> {
  return expectColours(picture, { 0: [0x0b, 0x2a, 0x2f], 5: [0xe8, 0xc2, 0x6a] })
}

/** What is shown is the test card of the studio's page: the ground above, and water in the middle of its lowest row. */
export function expectStudioCard(picture: Picture): Promise<void> {
  return expectColours(picture, { 0: [0x0b, 0x2a, 0x2f], 60: [0x2b, 0x8a, 0x86] })
}

/** How long an encoder may take to a clear picture, milliseconds: it begins with a coarse one where it is short of time. */
const clearingMs = 15_000

/** Colours in their places, as far as an encoder keeps them. */
async function expectColours(picture: Picture, wanted: Readonly<Record<number, Colour>>): Promise<void> {
  const endMs = Date.now() + clearingMs
  for (;;) {
    const shown = await picture.colours()
    try {
      expectClose(shown, wanted)
      return
    } catch (error) {
      if (Date.now() > endMs) throw error
      await setTimeout(200)
    }
  }
}

function expectClose(shown: readonly Colour[], wanted: Readonly<Record<number, Colour>>): void {
  for (const [place, colour] of Object.entries(wanted)) {
    for (const [index, value] of colour.entries()) {
      expect(shown[Number(place)]?.[index]).to.be.closeTo(value, 24)
    }
  }
}
