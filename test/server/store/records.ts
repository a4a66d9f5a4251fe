import type { Hex } from '@sluice/sdk'
import type { PayeeRecord, StoredTip } from '@sluice/sdk/session'
import type { OutboxEntry } from '../../../server/dist/settlement/outbox.js'

const address = (digit: string): Hex => `0x${digit.repeat(40)}`

/** A 32-byte id that differs by number. */
export function idOf(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`
}

/** A channel's record with what the test is about. */
export function recordOf(number: number, changes: Partial<PayeeRecord> = {}): PayeeRecord {
  return {
    channelId: idOf(number),
    channel: {
      payer: address('1'),
      payee: address('2'),
      operator: address('3'),
      token: address('4'),
      signer: address('5'),
      grace: 86_400,
      rate: 2n ** 96n - 1n,
      burst: 12_345_678_901_234_567_890n,
      salt: idOf(number + 1),
    },
    deposited: 1_000n,
    claimed: 0n,
    openedAt: 1_800_000_000,
    accepted: 0n,
    signature: '0x',
    spent: 0n,
    units: 0n,
    tipped: 0n,
    closeRequestedAt: 0,
    consent: undefined,
    closed: false,
    ...changes,
  }
}

/** A tip of one channel. */
export function tipOf(number: number, id: string, changes: Partial<StoredTip> = {}): StoredTip {
  return { channelId: idOf(number), id, amount: 5n, message: 'gg! 🎉', atMs: 1_800_000_000_123, ...changes }
}

/** A settlement transaction with what the test is about. */
export function entryOf(changes: Partial<OutboxEntry> = {}): Omit<OutboxEntry, 'id'> {
  return {
    chainId: 31_337,
    sender: address('6'),
    nonce: 0,
    call: { to: address('7'), data: '0x1234', gas: 100_000n },
    purpose: { kind: 'claim', urgent: false, channels: [{ channelId: idOf(1), amount: 2n ** 96n - 1n }] },
    attempts: [
      { hash: idOf(9), raw: '0x02abcd', maxFeePerGas: 2n ** 70n, maxPriorityFeePerGas: 1n, atBlock: 5n },
    ],
    status: 'pending',
    inclusion: undefined,
    createdAtMs: 1_800_000_000_000,
    updatedAtMs: 1_800_000_000_000,
    ...changes,
  }
}
