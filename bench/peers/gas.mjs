/**
 * Gas of whole transactions with events, as each project publishes its contracts, measured together on one chain: a plain
 * OpenZeppelin ERC-20, infinite allowance, a payee that holds some of the token already. Constants, because those
 * contracts are no dependency of ours; `docs/gas.md` tells how ours are measured beside them.
 *
 * - x402: `contracts/evm/src/x402BatchSettlement.sol` of x402-foundation/x402. Its claim (48,800) pays nobody until a
 *   sweep (46,100); ours pays at once, so both count for one claim. The batch is counted without a sweep, in its favour.
 * - Tempo: sessions of tempoxyz/mpp-specs on an EVM chain. microraiden, Raiden: their last releases.
 */
export const peerGas = {
  open: { x402: 81_800, tempo: 138_100, microraiden: 71_000, raiden: 131_300 },
  topUp: { x402: 60_800, tempo: 55_400, microraiden: 53_600, raiden: 65_000 },
  claim: { 'x402 claim and sweep': 48_800 + 46_100, tempo: 61_400, microraiden: 59_400 },
  batch100: { x402: 21_800 },
  close: { x402: 74_500, tempo: 64_100, microraiden: 70_200, raiden: 223_600 },
}

/** The cheapest peer for an operation. */
export function cheapest(operation) {
  const [[name, gas]] = Object.entries(peerGas[operation]).sort(([, a], [, b]) => a - b)
  return { name, gas }
}
