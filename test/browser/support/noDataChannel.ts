import type { Page } from 'playwright-core'

/**
 * Puts a media server without data channels between a page and its payee: the answer to each offer turns them down.
 *
 * @returns addresses of the WebSockets that the page opens from now on
 */
export async function withoutDataChannel(page: Page): Promise<readonly string[]> {
  const sockets: string[] = []
  page.on('websocket', (socket) => sockets.push(socket.url()))
  await page.route('**/stage/whep', async (route) => {
    const response = await route.fetch()
    if (response.status() !== 201) return route.fulfill({ response })
    await route.fulfill({ response, body: turnedDown(await response.text()) })
  })
  return sockets
}

/** An answer that refuses data channels: their section has port 0 (RFC 3264) and is no part of the bundle (RFC 9143). */
function turnedDown(answer: string): string {
  const mid = /^m=application [^]*?^a=mid:(\S+)/m.exec(answer)?.[1]
  if (mid === undefined) throw new Error(`no data channel in the answer: ${answer}`)
  return answer.replace(/^m=application \d+/m, 'm=application 0').replace(/^a=group:BUNDLE.*$/m, (bundle) =>
    bundle
      .split(' ')
      .filter((part) => part !== mid)
      .join(' '),
  )
}
