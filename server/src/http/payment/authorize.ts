import { SluiceError, type Hex, type SignatureVerifier } from '@sluice/sdk'
import type { ChainView, PayeeChannel, PayeeHub } from '@sluice/sdk/session'
import { proofChallenge, type Challenges } from './challenge.js'
import type { Credential, CredentialVoucher, Payload } from './credential.js'
import { challengeRefused, refusalOf } from './problems.js'

/** A request that speaks for a channel. Call `release` when it is over. */
export type Authorized = {
  readonly action: Payload['action']
  readonly challengeId: string
  readonly channel: PayeeChannel
  readonly release: () => void
}

export type AuthorizerParameters = {
  readonly hub: PayeeHub
  readonly chain: ChainView
  readonly confirmations: number
  readonly verifier: SignatureVerifier
  readonly challenges: Challenges
  /** Id of a channel with these terms. */
  readonly channelId: (channel: Extract<Payload, { action: 'open' }>['channel']) => Hex
}

/** Checks a credential against the challenge of a resource and takes its voucher. */
export type Authorizer = (credential: Credential, realm: string, request: string) => Promise<Authorized>

/**
 * Decides whether a request speaks for a channel.
 *
 * A voucher is public once it was claimed on the chain, so holding one proves nothing. What proves something is a voucher
 * above all that came before, or the signer's word over this very challenge. Cheap checks come first, the chain last.
 *
 * @param parameters the hub and what it trusts
 * @returns a function that throws PaymentRefused
 */
export function createAuthorizer(parameters: AuthorizerParameters): Authorizer {
  const { hub, chain, verifier, challenges } = parameters

  async function open(
    payload: Extract<Payload, { action: 'open' }>,
    challengeId: string,
  ): Promise<PayeeChannel> {
    const channelId = parameters.channelId(payload.channel)
    const challenge = proofChallenge(challengeId)
    const { signer } = payload.channel
    // Before the chain is asked on behalf of a stranger.
    if (!(await verifier.verifySession(signer, channelId, challenge, payload.proof))) throw badProof(signer)
    return hub.admit(payload.channel)
  }

  async function find(channelId: Hex): Promise<PayeeChannel> {
    const channel = await hub.channel(channelId)
    if (channel === undefined)
      throw refusalOf('unknown-channel', `channel ${channelId}; open it with its terms`)
    return channel
  }

  async function requireProof(
    channel: PayeeChannel,
    challengeId: string,
    proof: Hex | undefined,
  ): Promise<void> {
    const { channelId, channel: terms } = channel.record()
    if (proof === undefined) {
      throw refusalOf('invalid-signature', 'a voucher that was seen before needs a proof over the challenge')
    }
    const challenge = proofChallenge(challengeId)
    if (!(await verifier.verifySession(terms.signer, channelId, challenge, proof)))
      throw badProof(terms.signer)
  }

  /** Takes a voucher; true when it is new. Also one that is not new must bear the signer's signature. */
  async function take(channel: PayeeChannel, voucher: CredentialVoucher): Promise<boolean> {
    const outcome = await channel.grant(voucher)
    if (outcome.kind === 'accepted') return true
    if (outcome.kind === 'refused') throw refusalOf(outcome.code, outcome.details)
    const { channelId, channel: terms, signature } = channel.record()
    const { cumulative } = voucher
    if (cumulative === 0n || (outcome.kind === 'equal' && voucher.signature === signature)) return false
    const valid = await verifier.verifyVoucher(terms.signer, {
      channelId,
      cumulativeAmount: cumulative,
      signature: voucher.signature,
    })
    if (!valid) {
      throw refusalOf('invalid-signature', `the voucher over ${cumulative} is not signed by ${terms.signer}`)
    }
    return false
  }

  async function use(channel: PayeeChannel, payload: Payload, challengeId: string): Promise<void> {
    switch (payload.action) {
      case 'open':
        await take(channel, { ...payload.voucher, channelId: channel.record().channelId })
        requireSelling(channel)
        return
      case 'voucher':
        if (!(await take(channel, payload.voucher))) await requireProof(channel, challengeId, payload.proof)
        requireSelling(channel)
        return
      case 'topUp':
        await requireProof(channel, challengeId, payload.proof)
        channel.chain(await chain.channelState(payload.channelId, parameters.confirmations))
        return
      case 'close':
        await requireProof(channel, challengeId, payload.proof)
        if (payload.voucher !== undefined) await take(channel, payload.voucher)
    }
  }

  return async ({ challenge, payload }, realm, request) => {
    const verdict = challenges.check(challenge, realm, request)
    if (verdict !== 'good') throw challengeRefused(verdict)
    try {
      const channel =
        payload.action === 'open'
          ? await open(payload, challenge.id)
          : await find(payload.action === 'voucher' ? payload.voucher.channelId : payload.channelId)
      const release = hub.retain(channel)
      try {
        await use(channel, payload, challenge.id)
        return { action: payload.action, challengeId: challenge.id, channel, release }
      } catch (error) {
        release()
        throw error
      }
    } catch (error) {
      if (error instanceof SluiceError) throw refusalOf(error.code, error.details ?? error.message)
      throw error
    }
  }
}

/** Nothing more is sold by a channel that ends, and paying more would not help. */
function requireSelling(channel: PayeeChannel): void {
  const { channelId, consent, closeRequestedAt } = channel.record()
  if (consent === undefined && closeRequestedAt === 0) return
  throw refusalOf('close-pending', `channel ${channelId} is being closed; open another one`)
}

function badProof(signer: string): Error {
  return refusalOf('invalid-signature', `the proof over the challenge is not signed by ${signer}`)
}
