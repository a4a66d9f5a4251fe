import { createEscrowWorld } from '../escrow/support/world.js'
import { gasOf, type GasSection } from './section.js'

/** Gas of whole transactions, events included. */
export type EscrowGas = {
  /** Of an ERC-20 token from an infinite allowance. */
  authorize: number
  /** Paid out at once, to the receiver and to the fee recipient. */
  capture: number
  /** Of released money, from an infinite allowance of the receiver. */
  refund: number
  /** Authorized and paid out at once. */
  charge: number
  /** Everything back to the payer. */
  void: number
  /** With a dispute window: nothing is paid yet. */
  captureHeld: number
  /** After the window, to the receiver and to the fee recipient. */
  release: number
}

const unit = 1_000_000n

/**
 * Measures the contract as `docs/gas.md` says: a plain OpenZeppelin ERC-20 with infinite allowances; everybody who is
 * paid, and the contract, hold some of the token already. Every term of the order is set, save milestones.
 */
async function measureEscrow(): Promise<EscrowGas> {
  const world = await createEscrowWorld()
  const { escrow, token, payer, receiver, operator, feeRecipient, arbiter, networkHelpers } = world
  for (const holder of [feeRecipient.address, world.address]) await token.mint(holder, unit)

  const filled = { maxAmount: 100n * unit, metadata: `0x${'ab'.repeat(32)}`, salt: `0x${'cd'.repeat(32)}` }
  const order = world.order({ ...filled, defaultShareBps: 5_000n, rulingWindow: 259_200n })
  const held = world.disputable({ ...filled, arbiter: arbiter.address })

  const authorize = await gasOf(escrow.connect(payer).authorize(order, 100n * unit, '0x'))
  const capture = await gasOf(escrow.connect(operator).capture(order, 40n * unit, 250n))
  const refund = await gasOf(escrow.connect(receiver).refund(order, 10n * unit, '0x'))
  const voided = await gasOf(escrow.connect(operator).void(order))
  const charge = await gasOf(
    escrow.connect(payer).charge({ ...order, maxAmount: 99n * unit }, 50n * unit, 100n, '0x'),
  )
  await escrow.connect(payer).authorize(held, 100n * unit, '0x')
  const captureHeld = await gasOf(escrow.connect(operator).capture(held, 40n * unit, 250n))
  await networkHelpers.time.increase(86_400)
  const release = await gasOf(escrow.connect(operator).release(held))
  await world.connection.close()
  return { authorize, capture, refund, charge, void: voided, captureHeld, release }
}

/** Of orders. */
export const escrowGas: GasSection<keyof EscrowGas> = {
  product: 'escrow',
  heading: 'Escrow',
  ceilings: {
    authorize: 90_000,
    capture: 68_000,
    refund: 72_000,
    charge: 104_000,
    void: 52_000,
    captureHeld: 63_000,
    release: 64_000,
  },
  measure: measureEscrow,
}
