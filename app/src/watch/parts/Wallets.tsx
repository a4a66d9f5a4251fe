import type { ReactNode } from 'react'
import { useStore } from '../../store.ts'
import { useText } from '../../text/language.ts'
import { WalletList } from '../../ui/WalletList.tsx'
import { useAct, useWatch, useWatchState } from '../context.ts'

/** The wallets of this browser. Nothing is asked of one before it is clicked. */
export function Wallets(): ReactNode {
  const text = useText()
  const act = useAct()
  const { phase } = useWatchState()
  const wallets = useStore(useWatch().wallets)
  if (phase === 'connecting') return <p role="status">{text.watch.connecting}</p>
  return <WalletList wallets={wallets} onChoose={(wallet) => act((watch) => watch.connect(wallet, 'ask'))} />
}
