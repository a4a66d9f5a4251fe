import { timing, type Terms } from '../terms.js'
import { flow } from './audit.js'
import { before, isOver, say, send, still, then } from './flow.js'
import { catchUp, delivered, meterOf, rest } from './meter.js'
import { farewell, funded, pay, signed, tip } from './pay.js'
import { problems } from './problems.js'
import { receive } from './receive.js'
import { mediaAgain, mediaOf, unanswered } from './sends.js'
import { isPlaying } from './state.js'
import type { PayerEffect, PayerInput, PayerInputOf, PayerState, PayerStep } from './state.js'

/**
 * The payer's machine: what one input makes of a session, and what is to be done about it. Pure.
 *
 * It signs at most what was delivered, plus the prepaid window, plus tips, and never above budget or deposit (I17),
 * nor below what it signed before (I18). So a payee that cheats or falls silent can take one window, no more.
 *
 * @param terms of the offer the channel was opened for
 * @param state before
 * @param input what happened
 */
export function stepPayer(terms: Terms, state: PayerState, input: PayerInput): PayerStep {
  const result = react(terms, state, input)
  return 'nowMs' in input ? { ...result, state: flow(state, result.state, input.nowMs) } : result
}

function react(terms: Terms, state: PayerState, input: PayerInput): PayerStep {
  switch (input.type) {
    case 'connected':
      return connected(state, input)
    case 'disconnected':
      return disconnected(state, input)
    case 'message':
      return receive(terms, { ...state, lastHeardMs: input.nowMs }, input)
    case 'proved':
      return proved(state, input)
    case 'media':
      return media(terms, state, input)
    case 'delivered':
      return delivered(terms, state, input.units, input.nowMs)
    case 'signed':
      return signed(terms, state, input)
    case 'signFailed':
      return say({ ...state, signing: undefined }, input.error)
    case 'tip':
      return tip(terms, state, input)
    case 'funded':
      return funded(terms, state, input)
    case 'stop':
      return stop(terms, state, input)
    case 'tick':
      return tick(terms, state, input.nowMs)
  }
}

function connected(state: PayerState, input: PayerInputOf<'connected'>): PayerStep {
  if (isOver(state)) return still(state)
  return still({
    ...state,
    phase: 'greeting',
    proof: undefined,
    lastSequence: 0,
    lastHeardMs: input.nowMs,
    lastPingMs: input.nowMs,
  })
}

function disconnected(state: PayerState, input: PayerInputOf<'disconnected'>): PayerStep {
  if (isOver(state)) return still(state)
  const attempts = state.attempts + 1
  const pauseMs =
    attempts === 1
      ? timing.firstRetryMs
      : Math.min(timing.retryMs * 2 ** (attempts - 2), timing.longestRetryMs)
  const silentMs = input.nowMs - state.lastHeardMs
  const offline: PayerState = {
    ...state,
    phase: 'offline',
    attempts,
    gate: { open: false, reason: 'source' },
  }
  const reconnect: PayerEffect = {
    type: 'reconnect',
    afterMs: Math.max(pauseMs, input.retryAfterMs ?? 0),
  }
  if (silentMs < timing.silenceMs) return { state: offline, effects: [reconnect] }
  return then(say(offline, problems.payeeOffline(silentMs)), [reconnect])
}

function proved(state: PayerState, input: PayerInputOf<'proved'>): PayerStep {
  if (state.phase !== 'joining') return still(state)
  const next: PayerState = { ...state, proof: input.signature, lastSentMs: input.nowMs }
  return { state: next, effects: unanswered(next, input.nowMs) }
}

function media(terms: Terms, state: PayerState, input: PayerInputOf<'media'>): PayerStep {
  const waits = !input.playing && input.reason === 'buffering'
  const runs = input.playing || waits
  if (isPlaying(state) === runs && (state.stalledAt !== undefined) === waits) return still(state)
  const next: PayerState = {
    ...(runs ? { ...state, playingSinceMs: state.playingSinceMs ?? input.nowMs } : rest(state, input.nowMs)),
    stalledAt: waits ? state.record.units : undefined,
  }
  if (state.phase !== 'joined') return still(next)
  return before([mediaOf(next, input.reason)], pay(terms, next, 'asked'))
}

function stop(terms: Terms, state: PayerState, { nowMs }: PayerInputOf<'stop'>): PayerStep {
  if (state.stopWanted || isOver(state)) return still(state)
  const next: PayerState = { ...rest(state, nowMs), stopWanted: true, lastSentMs: nowMs }
  return state.phase === 'joined' ? farewell(terms, next, nowMs) : still(next)
}

function tick(terms: Terms, state: PayerState, nowMs: number): PayerStep {
  if (isOver(state) || state.phase === 'offline') return still(state)
  const counted = catchUp(terms, state, nowMs)
  const effects: PayerEffect[] = [...counted.effects]
  let next = counted.state
  if (nowMs - state.lastHeardMs >= timing.silenceMs) {
    return then(say(state, problems.payeeOffline(nowMs - state.lastHeardMs)), [
      { type: 'hangUp', reason: 'payee silent' },
    ])
  }
  // An offer that was lost is not sent again: pings would only keep a connection alive that leads nowhere.
  if (state.phase !== 'greeting' && nowMs - state.lastPingMs >= timing.pingMs) {
    next = { ...next, lastPingMs: nowMs }
    effects.push(send({ type: 'ping', id: Math.floor(nowMs / 1000), reply: false }))
    // Nothing acknowledges this: were it lost once, the payee would wait for a viewer who watches.
    if (next.phase === 'joined') effects.push(mediaAgain(next))
  }
  if (nowMs - next.lastSentMs >= timing.resendMs) {
    const again = unanswered(next, nowMs)
    if (again.length > 0) {
      next = { ...next, lastSentMs: nowMs }
      effects.push(...again)
    }
  }
  return before([...effects, meterOf(terms, next)], pay(terms, next, 'tick'))
}
