import type { ReactNode } from 'react'
import { useStore } from '../../store.ts'
import { useText } from '../../text/language.ts'
import { WalletList } from '../../ui/WalletList.tsx'
import { usePageState, useTournamentPage } from '../context.ts'

/** The wallets of this browser, until one is chosen. Nothing is asked of one before it is clicked. */
export function Wallets(): ReactNode {
  const text = useText()
  const { model, wallets } = useTournamentPage()
  const found = useStore(wallets)
  const { wallet, connecting } = usePageState()
  if (wallet !== undefined) return null
  if (connecting) return <p role="status">{text.watch.connecting}</p>
  return <WalletList wallets={found} onChoose={(each) => void model.connect(each, 'ask')} />
}
