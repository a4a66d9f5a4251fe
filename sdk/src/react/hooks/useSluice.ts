'use client'
import { useMemo } from 'react'
import { useWalletClient } from 'wagmi'
import { createSluice, type Sluice, type SluiceParameters } from '../../viewer/sluice.js'

/**
 * The SDK for the wallet that is connected.
 *
 * @param parameters those of `createSluice` but the wallet. They are read when the wallet changes, and at no other time.
 * @returns undefined as long as no wallet is connected
 *
 * @example
 * ```ts
 * import type { Quote } from '@sluice/sdk'
 * import { useSluice } from '@sluice/sdk/react'
 *
 * function useQuote(): ((budget: string) => Promise<Quote>) | undefined {
 *   const sluice = useSluice()
 *   return sluice && ((budget) => sluice.quote({ payee: 'https://live.example/alice', budget }))
 * }
 * ```
 */
export function useSluice(parameters: useSluice.Parameters = {}): useSluice.ReturnType {
  const { data: wallet } = useWalletClient()
  return useMemo(() => wallet && createSluice({ ...parameters, wallet }), [wallet])
}

export declare namespace useSluice {
  type Parameters = Omit<SluiceParameters, 'wallet'>
  type ReturnType = Sluice | undefined
}
