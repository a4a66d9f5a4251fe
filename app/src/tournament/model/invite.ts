import type { Hex } from '@sluice/sdk'
import { rulesHashOf } from './draft.ts'

/**
 * The address that players are given: which tournament, and the rules, which never reach a server.
 *
 * @param page address of this page, whatever it shows now
 * @param id the tournament's
 * @param rules as the host wrote them
 */
export function inviteLink(page: string, id: Hex, rules: string | undefined): string {
  const url = new URL(page)
  url.search = new URLSearchParams({ t: id }).toString()
  url.hash = rules === undefined || rules === '' ? '' : new URLSearchParams({ rules }).toString()
  return url.toString()
}

/**
 * What an invitation names.
 *
 * @param page address of this page
 */
export function readInvite(page: string): { readonly id: Hex | undefined; readonly rules: string } {
  const url = new URL(page)
  const id = url.searchParams.get('t') ?? ''
  const rules = new URLSearchParams(url.hash.slice(1)).get('rules') ?? ''
  return { id: /^0x[0-9a-f]{64}$/i.test(id) ? (id.toLowerCase() as Hex) : undefined, rules }
}

/**
 * The rules of an invitation, if players agreed to just these.
 *
 * @param rules as the invitation tells them
 * @param rulesHash on the chain
 */
export function trueRules(rules: string, rulesHash: Hex): string | undefined {
  return rules !== '' && rulesHashOf(rules) === rulesHash.toLowerCase() ? rules : undefined
}
