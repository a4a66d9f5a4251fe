/** How an overlay looks, from its address. */
export type OverlayStyle = {
  readonly language: 'en' | 'de'
  readonly position: (typeof positions)[number]
  /** Of the letters, pixels. */
  readonly size: number
  /** How long an alert stands, seconds. */
  readonly seconds: number
  readonly accent: string
  readonly text: string
  readonly panel: string
  readonly parts: { readonly alerts: boolean; readonly goal: boolean; readonly recents: number }
  readonly still: boolean
}

const positions = ['top-left', 'top', 'top-right', 'bottom-left', 'bottom', 'bottom-right'] as const

/**
 * Reads a style. What is not as expected is as if it were not there: an address that was mistyped still shows tips.
 *
 * @param query of the address, such as `?position=top&size=28&accent=63c7bd`
 */
export function readStyle(query: string): OverlayStyle {
  const given = new URLSearchParams(query)
  const position = positions.find((each) => each === given.get('position')) ?? 'bottom-left'
  return {
    language: given.get('lang') === 'de' ? 'de' : 'en',
    position,
    size: number(given.get('size'), 24, 12, 96),
    seconds: number(given.get('seconds'), 6, 2, 60),
    accent: colour(given.get('accent'), '#63c7bd'),
    text: colour(given.get('text'), '#f4f0e6'),
    panel: colour(given.get('panel'), '#08262bdd'),
    parts: {
      alerts: given.get('alerts') !== 'off',
      goal: given.get('goal') !== 'off',
      recents: number(given.get('recents'), 0, 0, 10),
    },
    still: given.get('motion') === 'off',
  }
}

function number(text: string | null, usual: number, least: number, most: number): number {
  const value = text !== null && /^\d{1,3}$/.test(text) ? Number(text) : usual
  return Math.min(most, Math.max(least, value))
}

/** Three, six or eight hexadecimal digits, with or without `#`, and nothing else a style sheet would understand. */
function colour(text: string | null, usual: string): string {
  const digits = /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/.exec(text ?? '')?.[1]
  return digits === undefined ? usual : `#${digits}`
}
