import type { ReactNode } from 'react'
import { useStore } from '../../store.ts'
import { useText } from '../../text/language.ts'
import { demoRdns } from '../../wallet/demo/announce.ts'
import { useAct, useWatch, useWatchState } from '../context.ts'

/** The wallets of this browser. Nothing is asked of one before it is clicked. */
export function Wallets(): ReactNode {
  const text = useText()
  const act = useAct()
  const { phase } = useWatchState()
  const wallets = useStore(useWatch().wallets)
  const hasOwn = wallets.some(({ info }) => !info.rdns.startsWith(demoRdns))
  const hasDemo = wallets.some(({ info }) => info.rdns.startsWith(demoRdns))
  if (phase === 'connecting') return <p role="status">{text.watch.connecting}</p>
  return (
    <div className="stack">
      <h2>{text.watch.chooseWallet}</h2>
      {hasOwn ? (
        <p className="fine">{text.watch.walletsHere}</p>
      ) : (
        <>
          <p>{text.watch.noWallet}</p>
          <p className="fine">{text.watch.noWalletHow}</p>
        </>
      )}
      <ul className="wallets stack">
        {wallets.map((wallet) => (
          <li key={wallet.info.uuid}>
            <button
              type="button"
              onClick={() => {
                act((watch) => watch.connect(wallet, 'ask'))
              }}
            >
              <img src={wallet.info.icon} alt="" />
              {wallet.info.name}
              {wallet.info.rdns.startsWith(demoRdns) && <span className="badge">{text.watch.demo}</span>}
            </button>
          </li>
        ))}
      </ul>
      {hasDemo && <p className="fine">{text.watch.demoHint}</p>}
    </div>
  )
}
