'use client'
import type { ReactNode } from 'react'
import type { NumberedStep } from '../../payment/prepare.js'

/**
 * Draws by `children` what the wallet asks right now, such as 1 of 2, and nothing else.
 *
 * @param props of a hook that sends, or of a session (`useStreamSession`); and how it is drawn
 */
export function WalletPrompt(props: {
  readonly of: { readonly step: NumberedStep | undefined }
  readonly children: (step: NumberedStep) => ReactNode
}): ReactNode {
  const { step } = props.of
  return step === undefined ? null : props.children(step)
}
