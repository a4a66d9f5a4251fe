import type { Command } from 'commander'
import { getBlock } from 'viem/actions'
import type { Hex } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import { settle, settleCall, signSettlement } from '@sluice/sdk/escrow'
import { showAmount, showMoment } from '../../amounts.js'
import { amountText, contextOf, verb, wholeNumber } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { openForSending, type OpenedForSending } from '../../escrow/open.js'
import { bytesText, withSending, type SendOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'
import { requireYes } from '../../prompts.js'

type AgreeOptions = SendOptions & { readonly hours: number }

/** `sluice escrow agree` */
export function agreeCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'agree',
      summary: 'sign a split of everything held, for the other side to settle',
      examples: [['sluice escrow agree 0 5 --yes', 'all of 5 back to the payer; prints the signature']],
    }),
  )
    .argument('<to-receiver>', 'in whole tokens', amountText)
    .argument('<to-payer>', 'in whole tokens', amountText)
    .option('--hours <number>', 'how long the agreement holds', wholeNumber(1, 24 * 365), 24)
    .action(async (receivers: string, payers: string, options: AgreeOptions) => {
      const { output } = contextOf(io, options)
      const opened = await openForSending(contextOf(io, options))
      const { timestamp } = await getBlock(opened.connection.client)
      const deadline = timestamp + BigInt(options.hours) * 3600n
      const { contract, order, wallet } = opened
      const split = splitOf(opened, receivers, payers)
      output.progress(`agrees to ${linesOf(opened, split, deadline).join(', ')}`)
      await requireYes(io, 'Sign it?', options.yes === true)
      const signature = await signSettlement(wallet, { contract, order, ...split, deadline })
      output.result({ signature, deadline: Number(deadline) }, () =>
        [`signature ${signature}`, `deadline  ${deadline}`].join('\n'),
      )
    })
}

type SettleOptions = SendOptions & {
  readonly deadline: number
  readonly payerSignature?: Hex
  readonly receiverSignature?: Hex
}

/** `sluice escrow settle` */
export function settleCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'settle',
      summary: 'split everything held as both sides agreed',
      description: 'A side that sends has agreed; the other signs with "sluice escrow agree".',
      examples: [
        ['sluice escrow settle 0 5 --deadline 1800000000 --payer-signature 0x… --yes', 'as the receiver'],
      ],
    }),
  )
    .argument('<to-receiver>', 'in whole tokens', amountText)
    .argument('<to-payer>', 'in whole tokens', amountText)
    .requiredOption('--deadline <second>', 'as it was signed', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--payer-signature <bytes>', 'not needed when the payer sends', bytesText)
    .option('--receiver-signature <bytes>', 'not needed when the receiver or its operator sends', bytesText)
    .action(async (receivers: string, payers: string, options: SettleOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { contract, order, wallet } = opened
      const { payerSignature, receiverSignature } = options
      const deadline = BigInt(options.deadline)
      const split = splitOf(opened, receivers, payers)
      const parameters = { contract, order, ...split, deadline, payerSignature, receiverSignature }
      await carryOut(context, opened, {
        verb: 'settle',
        prepare: () =>
          Promise.resolve({ lines: linesOf(opened, split, deadline), call: settleCall(parameters) }),
        send: (wait) => settle(wallet, { ...parameters, ...wait }),
        outcome: (done) => [
          { name: 'toReceiver', amount: done.toReceiver },
          { name: 'toPayer', amount: done.toPayer },
          { name: 'fee', amount: done.fee },
        ],
      })
    })
}

type Split = { readonly toReceiver: bigint; readonly toPayer: bigint }

function splitOf({ token }: OpenedForSending, receivers: string, payers: string): Split {
  return {
    toReceiver: parseAmount(receivers, token.decimals),
    toPayer: parseAmount(payers, token.decimals),
  }
}

function linesOf({ order, token }: OpenedForSending, { toReceiver, toPayer }: Split, deadline: bigint) {
  return [
    `${showAmount(toReceiver, token)} to ${order.receiver}`,
    `${showAmount(toPayer, token)} to ${order.payer}`,
    `good until ${showMoment(Number(deadline))}`,
  ]
}
