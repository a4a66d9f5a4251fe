import type { HtmlTagDescriptor, Plugin } from 'vite'

/** What a page with a wallet may load and speak to: no script but its own files. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self' http: https: ws: wss:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const head: readonly HtmlTagDescriptor[] = [
  { tag: 'meta', attrs: { charset: 'utf-8' } },
  { tag: 'meta', attrs: { name: 'viewport', content: 'width=device-width, initial-scale=1' } },
  { tag: 'meta', attrs: { name: 'color-scheme', content: 'light dark' } },
  { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy } },
  { tag: 'title', children: 'Sluice' },
  { tag: 'link', attrs: { rel: 'icon', href: '/mark.svg', type: 'image/svg+xml' } },
]

/**
 * Puts around each page what all of them share: its head, and the place where it is drawn.
 *
 * @param pages by the name of their folder; others have a document of their own
 */
export function shell(pages: readonly string[]): Plugin {
  return {
    name: 'sluice-shell',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path }) => {
        if (!pages.includes(path.split('/').at(-2) ?? '')) return html
        const place: HtmlTagDescriptor = { tag: 'div', attrs: { id: 'page' }, injectTo: 'body-prepend' }
        const tags = head.map((tag) => ({ ...tag, injectTo: 'head-prepend' }) as const)
        return { html, tags: [...tags, place] }
      },
    },
  }
}
