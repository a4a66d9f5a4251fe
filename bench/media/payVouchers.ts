// Runs in a page of the payee's origin: what a viewer's SDK does, as fast as a session may speak.
import { createVoucherSigner, loadCrypto, type Channel, type Deployment, type Hex } from '@sluice/sdk'
import { decodeMessage, encodeMessage } from '@sluice/sdk/session'
import { connectStage } from '@sluice/sdk/stage'

export type PayVouchers = {
  /** Address of sessions. */
  readonly session: string
  readonly deployment: Deployment
  readonly channel: Channel
  readonly channelId: Hex
  readonly privateKey: Hex
  readonly count: number
  /** Between an acknowledgement and the next voucher, milliseconds. */
  readonly pauseMs: number
  /** Base units that each pays. */
  readonly step: bigint
}

/** Milliseconds from each voucher to the acknowledgement that it is stored, on a data channel beside the running picture. */
async function payVouchers(parameters: PayVouchers): Promise<number[]> {
  const { session, deployment, channel, channelId, privateKey, count, pauseMs, step } = parameters
  const signer = createVoucherSigner(await loadCrypto(), deployment, { kind: 'secp256k1', privateKey })
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  document.body.append(video)
  const transport = await connectStage(video)(session)
  const joined = Promise.withResolvers<void>()
  let accepted: ((amount: bigint) => void) | undefined
  transport.onClose((reason) => {
    joined.reject(new Error(reason))
  })
  transport.onFrame((frame) => {
    const message = decodeMessage(frame)
    if (message.type === 'offer') {
      void Promise.resolve(signer.signSession(channelId, message.challenge)).then((signature) => {
        transport.send(encodeMessage({ type: 'open', channel, signature }))
      })
    } else if (message.type === 'snapshot') joined.resolve()
    else if (message.type === 'ack') accepted?.(message.accepted)
    else if (message.type === 'error') joined.reject(new Error(message.message))
  })
  await joined.promise
  const times: number[] = []
  for (let number = 1n; number <= BigInt(count); number += 1n) {
    const cumulative = number * step
    const signature = await signer.signVoucher(channelId, cumulative)
    const acknowledged = new Promise<void>((resolve) => {
      accepted = (amount) => {
        if (amount >= cumulative) resolve()
      }
    })
    const startedMs = performance.now()
    transport.send(encodeMessage({ type: 'voucher', channelId, cumulative, signature }))
    await acknowledged
    times.push(performance.now() - startedMs)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  if (video.getVideoPlaybackQuality().totalVideoFrames === 0)
    throw new Error('no picture came beside the vouchers')
  transport.close('measured')
  return times
}

Object.assign(globalThis, { payVouchers })
