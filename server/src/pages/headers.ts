import type { PageConfig } from './config.js'

/**
 * What browsers are told to hold a page to: scripts and styles of its own origin alone, none inline, connections to the
 * payee and the chain alone, and no page of others around it.
 *
 * @param config what the page will be told
 */
export function pageHeaders(config: PageConfig): Readonly<Record<string, string>> {
  const payee = new URL(config.payee).origin
  const connect = new Set(["'self'", payee, payee.replace(/^http/, 'ws'), new URL(config.rpcUrl).origin])
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "font-src 'self'",
      // Wallets bring their pictures with them.
      "img-src 'self' data:",
      "media-src 'self' blob: mediastream:",
      `connect-src ${[...connect].join(' ')}`,
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Permissions-Policy': 'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
    'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
    ...plainHeaders,
  }
}

/** What every file is served with. */
export const plainHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
}
