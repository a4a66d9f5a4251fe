'use client'
import { authorize, planAuthorize } from '../../escrow/authorize.js'
import { capture } from '../../escrow/capture.js'
import { charge, planCharge } from '../../escrow/charge.js'
import { dispute } from '../../escrow/dispute.js'
import { reclaim } from '../../escrow/reclaim.js'
import { refund, planRefund } from '../../escrow/refund.js'
import { release } from '../../escrow/release.js'
import { releaseMilestone } from '../../escrow/releaseMilestone.js'
import { resolveByTimeout } from '../../escrow/resolveByTimeout.js'
import { rule } from '../../escrow/rule.js'
import { settle } from '../../escrow/settle.js'
import { signSettlement } from '../../escrow/signSettlement.js'
import { voidOrder } from '../../escrow/voidOrder.js'
import { useSend, type Send } from './useSend.js'

/** Puts an order's money into the contract. See {@link authorize}. */
export const useAuthorizeOrder = (): Send<typeof authorize> => useSend(authorize, planAuthorize)

/** Pays an order at once. See {@link charge}. */
export const useChargeOrder = (): Send<typeof charge> => useSend(charge, planCharge)

/** Takes what was delivered, as the merchant. See {@link capture}. */
export const useCaptureOrder = (): Send<typeof capture> => useSend(capture)

/** Pays out what was taken before its time is over. See {@link release}. */
export const useReleaseOrder = (): Send<typeof release> => useSend(release)

/** Pays out one milestone, as the payer. See {@link releaseMilestone}. */
export const useReleaseMilestone = (): Send<typeof releaseMilestone> => useSend(releaseMilestone)

/** Gives back what was not taken, as the merchant. See {@link voidOrder}. */
export const useVoidOrder = (): Send<typeof voidOrder> => useSend(voidOrder)

/** Takes back what was not taken in time, as the payer. See {@link reclaim}. */
export const useReclaimOrder = (): Send<typeof reclaim> => useSend(reclaim)

/** Gives money back, as the merchant. See {@link refund}. */
export const useRefundOrder = (): Send<typeof refund> => useSend(refund, planRefund)

/** Disputes what was taken, as the payer. See {@link dispute}. */
export const useDisputeOrder = (): Send<typeof dispute> => useSend(dispute)

/** Splits what is disputed, as the arbiter. See {@link rule}. */
export const useRuleOrder = (): Send<typeof rule> => useSend(rule)

/** Splits by the agreed share what the arbiter did not decide in time. See {@link resolveByTimeout}. */
export const useResolveOrder = (): Send<typeof resolveByTimeout> => useSend(resolveByTimeout)

/** Signs a split that both sides agree to; nothing is sent. See {@link signSettlement}. */
export const useSignSettlement = (): Send<typeof signSettlement> => useSend(signSettlement)

/** Splits as both sides signed. See {@link settle}. */
export const useSettleOrder = (): Send<typeof settle> => useSend(settle)
