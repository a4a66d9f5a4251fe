/** Grants the payee everything up to `cumulativeAmount`. Checked on the chain. */
export const voucherTypes = {
  Voucher: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'cumulativeAmount', type: 'uint96' },
  ],
} as const

/** The payee's consent to end a channel at `capturedAmount`. Checked on the chain. */
export const closeTypes = {
  Close: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'capturedAmount', type: 'uint96' },
  ],
} as const

/** What a payee confirms it has received and delivered. Kept by the viewer; never goes on the chain. */
export const receiptTypes = {
  Receipt: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'accepted', type: 'uint96' },
    { name: 'spent', type: 'uint96' },
    { name: 'units', type: 'uint64' },
    { name: 'at', type: 'uint64' },
  ],
} as const

/** Proves to a payee that a connection speaks for a channel. Never goes on the chain. */
export const sessionTypes = {
  Session: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'challenge', type: 'bytes32' },
  ],
} as const
