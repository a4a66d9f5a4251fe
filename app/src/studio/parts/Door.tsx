import type { ReactNode } from 'react'
import { useStore } from '../../store.ts'
import { WalletList } from '../../ui/WalletList.tsx'
import { useAct, useStudio, useStudioState, useStudioText } from '../context.ts'

/** Where a streamer comes in. */
export function Door(): ReactNode {
  const text = useStudioText()
  const act = useAct()
  const { phase } = useStudioState()
  const wallets = useStore(useStudio().wallets)
  return (
    <section className="card gate" aria-labelledby="door">
      <h2 id="door" className="studio-door">
        {text.door}
      </h2>
      <p>{text.doorHint}</p>
      {phase === 'visitor' ? (
        <WalletList wallets={wallets} onChoose={(wallet) => act((studio) => studio.enter(wallet))} />
      ) : (
        <p role="status">{phase === 'connecting' ? text.connecting : text.signing}</p>
      )}
    </section>
  )
}
