import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import { encodeMessage, type Offer } from '@sluice/sdk/session'
import { fetchOffer, offerPath, type Fetch } from '../../../sdk/dist/viewer/offer.js'
import { offer } from '../session/world.js'

const selling: Offer = { type: 'offer', ...offer, challenge: `0x${'00'.repeat(32)}` }
const page = 'https://live.example/alice?seat=3#top'

/** The offer as a payee's page serves it, with fields added or replaced. */
function body(change: object = {}): string {
  return JSON.stringify({ ...(JSON.parse(encodeMessage(selling)) as object), ...change })
}

function answering(text: string, status = 200): Fetch & { readonly asked: string[] } {
  const asked: string[] = []
  const fetch: Fetch = async (url) => {
    asked.push(url)
    return { ok: status >= 200 && status < 300, status, text: async () => text }
  }
  return Object.assign(fetch, { asked })
}

async function refusal(url: string, fetch: Fetch): Promise<SluiceError> {
  try {
    await fetchOffer(url, fetch)
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  throw new Error('accepted')
}

describe('asking a payee what it sells', () => {
  it('finds the offer below the origin of any of its pages', async () => {
    const fetch = answering(body())
    const found = await fetchOffer(page, fetch)
    expect(fetch.asked).to.deep.equal([`https://live.example${offerPath}`])
    expect(found.offer).to.deep.equal(selling)
    expect(found.sessionUrl).to.equal('wss://live.example/sluice')
  })

  it('takes the session address from the offer: relative, absolute, other host, other scheme', async () => {
    const named = async (url: string, session: unknown) =>
      (await fetchOffer(url, answering(body({ session })))).sessionUrl
    expect(await named(page, '/pay')).to.equal('wss://live.example/pay')
    expect(await named('http://127.0.0.1:8080/x', '/pay')).to.equal('ws://127.0.0.1:8080/pay')
    expect(await named(page, 'wss://pay.example/x')).to.equal('wss://pay.example/x')
    expect(await named(page, 'https://pay.example/x')).to.equal('wss://pay.example/x')
    expect(await named(page, 5)).to.equal('wss://live.example/sluice')
  })

  it('refuses what is no address', async () => {
    for (const url of ['', 'alice', '/alice', 'live.example/alice']) {
      const error = await refusal(url, answering(body()))
      expect(error.code).to.equal('invalid-argument')
      expect(error.message).to.contain(`"${url}"`)
    }
  })

  it('says that the payee is offline when nobody answers, with the cause, and that it may come back', async () => {
    const cause = new TypeError('fetch failed')
    const error = await refusal(page, () => Promise.reject(cause))
    expect(error).to.include({ code: 'payee-offline', retryable: true, action: 'wait' })
    expect(error.details).to.equal(`https://live.example${offerPath} did not answer`)
    expect(error.walk((one) => one === cause)).to.equal(cause)
  })

  it('says the same when the body breaks off', async () => {
    const error = await refusal(page, async () => ({
      ok: true,
      status: 200,
      text: () => Promise.reject(new Error('aborted')),
    }))
    expect(error.code).to.equal('payee-offline')
  })

  it('names the status of an answer that is no success', async () => {
    for (const status of [301, 402, 404, 500]) {
      const error = await refusal(page, answering(body(), status))
      expect(error.code).to.equal('payee-offline')
      expect(error.details).to.contain(`answered ${status}`)
    }
  })

  it('refuses a body that is no frame, naming what is wrong with it', async () => {
    for (const text of [
      '',
      '<html>',
      'null',
      '[]',
      '{}',
      body({ price: '-1' }),
      body({ per: '0' }),
      body({ chainId: '1' }),
    ]) {
      expect((await refusal(page, answering(text))).code).to.be.oneOf([
        'malformed-message',
        'unsupported-version',
      ])
    }
    expect((await refusal(page, answering(body({ price: '-1' })))).details).to.match(/^price: /)
    expect((await refusal(page, answering(body({ per: '0' })))).details).to.match(/^per: /)
  })

  it('refuses another version, and a body that is far too long', async () => {
    expect((await refusal(page, answering(body({ v: 2 })))).code).to.equal('unsupported-version')
    expect((await refusal(page, answering(body({ padding: 'x'.repeat(1_048_576) })))).code).to.equal(
      'message-too-large',
    )
  })

  it('refuses a message that is no offer', async () => {
    const error = await refusal(page, answering('{"v":1,"type":"close"}'))
    expect(error.code).to.equal('malformed-message')
    expect(error.details).to.equal(`https://live.example${offerPath} answered with close`)
  })

  it('refuses a session address that is no WebSocket', async () => {
    for (const session of ['javascript:alert(1)', 'file:///etc/passwd', 'ftp://live.example/']) {
      const error = await refusal(page, answering(body({ session })))
      expect(error.code).to.equal('malformed-message')
      expect(error.details).to.match(/^session: /)
    }
  })

  it('refuses a session address that cannot be read, as a SluiceError', async () => {
    for (const session of ['http://', 'wss://[', 'https://%']) {
      expect((await refusal(page, answering(body({ session })))).code).to.equal('malformed-message')
    }
  })
})
