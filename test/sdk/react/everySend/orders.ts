import { expect } from 'chai'
import { zeroAddress } from 'viem'
import { escrowAddress } from '@sluice/sdk'
import * as escrow from '@sluice/sdk/escrow'
import * as react from '@sluice/sdk/react'
import { deployer, operator } from '../../../../scripts/start/accounts.ts'
import type { Row, Stand } from './stand.ts'

const hour = 3_600
const day = 24 * hour
const five = 5_000n

/** The hooks that send for orders, in the chain’s own coin. */
export function orderSends(stand: Stand): readonly Row[] {
  const { now, pass, salt, send, wallet } = stand
  /** An order in the chain's own coin that the viewer pays, or is paid. */
  async function orderOf(change: Partial<escrow.Order> = {}): Promise<escrow.Order> {
    const captureDeadline = (await now()) + day
    return escrow.createOrder({
      payer: stand.world().viewer,
      receiver: operator.address,
      token: zeroAddress,
      maxAmount: five,
      captureDeadline,
      refundDeadline: captureDeadline + day,
      salt: salt(),
      ...change,
    })
  }
  const disputable = {
    disputeWindow: hour,
    rulingWindow: hour,
    arbiter: deployer.address,
    defaultShareBps: 4_000,
  }
  const towards = () => ({ payer: operator.address, receiver: stand.world().viewer })

  /** The same, with the money in it; `captured`: and earned, within its dispute window. */
  async function paid(change: Partial<escrow.Order> = {}, how: 'paid' | 'captured' = 'paid') {
    const order = await orderOf(change)
    const byViewer = order.payer === stand.world().viewer
    const call = escrow.authorizeCall({ contract: escrowAddress, order, amount: five, value: five })
    await (byViewer ? stand.world().send(call) : stand.world().sendAsMerchant(call))
    if (how === 'paid') return order
    const capture = escrow.captureCall({ contract: escrowAddress, order, amount: five })
    await (byViewer ? stand.world().sendAsMerchant(capture) : stand.world().send(capture))
    return order
  }
  async function disputed(change: Partial<escrow.Order>) {
    const order = await paid({ ...disputable, ...change }, 'captured')
    await escrow.dispute(wallet(operator), { order })
    return order
  }

  return [
    {
      hook: 'useChargeOrder',
      sends: async () => {
        const order = await orderOf()
        expect(await send(react.useChargeOrder, { order }, 'escrow.charge')).to.include({ released: five })
      },
    },
    {
      hook: 'useCaptureOrder',
      sends: async () => {
        const order = await paid(towards())
        const result = await send(react.useCaptureOrder, { order, amount: 5n }, 'escrow.capture')
        expect(result).to.include({ amount: 5n, released: 5n })
      },
    },
    {
      hook: 'useReleaseOrder',
      sends: async () => {
        const order = await paid(disputable, 'captured')
        expect(await send(react.useReleaseOrder, { order }, 'escrow.release')).to.include({ released: five })
      },
    },
    {
      hook: 'useReleaseMilestone',
      sends: async () => {
        const order = await paid({ ...disputable, milestones: escrow.encodeMilestones([2_000n, 3_000n]) })
        const parameters = { order, milestone: 0 }
        const result = await send(react.useReleaseMilestone, parameters, 'escrow.releaseMilestone')
        expect(result).to.include({ released: 2_000n })
      },
    },
    {
      hook: 'useVoidOrder',
      sends: async () => {
        const order = await paid(towards())
        expect(await send(react.useVoidOrder, { order }, 'escrow.void')).to.include({ returned: five })
      },
    },
    {
      hook: 'useReclaimOrder',
      sends: async () => {
        const order = await paid()
        await pass(day)
        expect(await send(react.useReclaimOrder, { order }, 'escrow.reclaim')).to.include({ returned: five })
      },
    },
    {
      hook: 'useRefundOrder',
      sends: async () => {
        const order = await paid(towards(), 'captured')
        const result = await send(react.useRefundOrder, { order, amount: 7n }, 'escrow.refund')
        expect(result).to.include({ returned: 7n, brought: 7n })
      },
    },
    {
      hook: 'useDisputeOrder',
      sends: async () => {
        const order = await paid(disputable, 'captured')
        expect(await send(react.useDisputeOrder, { order }, 'escrow.dispute')).to.include({ disputed: five })
      },
    },
    {
      hook: 'useRuleOrder',
      sends: async () => {
        const parties = {
          payer: operator.address,
          receiver: stand.world().viewer,
          arbiter: stand.world().viewer,
        }
        const order = await disputed(parties)
        const split = { toReceiver: 1n, toPayer: five - 1n }
        expect(await send(react.useRuleOrder, { order, ...split }, 'escrow.rule')).to.include(split)
      },
    },
    {
      hook: 'useResolveOrder',
      sends: async () => {
        const order = await disputed(towards())
        await pass(hour)
        const result = await send(react.useResolveOrder, { order }, 'escrow.resolveByTimeout')
        expect(result).to.include({ toReceiver: 2_000n, toPayer: 3_000n })
      },
    },
    {
      hook: 'useSignSettlement',
      sends: async () => {
        const order = await paid(disputable)
        const terms = { order, toReceiver: 1n, toPayer: five - 1n, deadline: BigInt((await now()) + hour) }
        const payerSignature = await send(react.useSignSettlement, terms)
        const settled = await escrow.settle(wallet(operator), { ...terms, payerSignature })
        expect(settled).to.include({ toReceiver: 1n })
      },
    },
    {
      hook: 'useSettleOrder',
      sends: async () => {
        const order = await paid({ ...disputable, ...towards() })
        const terms = { order, toReceiver: 2n, toPayer: five - 2n, deadline: BigInt((await now()) + hour) }
        const payerSignature = await escrow.signSettlement(wallet(operator), terms)
        const result = await send(react.useSettleOrder, { ...terms, payerSignature }, 'escrow.settle')
        expect(result).to.include({ toReceiver: 2n, toPayer: five - 2n })
      },
    },
  ]
}
