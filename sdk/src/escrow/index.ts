/** Escrow orders: their terms, ids, calls, signatures, and how they are rebuilt from the chain. */
export { escrowCall, type EscrowCall } from './calls.js'
export { encodeMilestones } from './milestones.js'
export { createOrder, orderId, type Order } from './order.js'
export { refundPurpose, settlementTypedData, settlementTypes, type Settlement } from './purposes.js'
export { rebuildOrders, type RebuiltOrder, type RebuiltOrders } from './rebuild.js'
