import type { ReactNode } from 'react'
import { useText } from '../text/language.ts'
import { demoRdns } from '../wallet/demo/announce.ts'
import type { FoundWallet } from '../wallet/discovery.ts'

/** The wallets of this browser to choose from, and what to do when there is none. */
export function WalletList(props: {
  readonly wallets: readonly FoundWallet[]
  readonly onChoose: (wallet: FoundWallet) => void
}): ReactNode {
  const text = useText()
  const { wallets, onChoose } = props
  const hasOwn = wallets.some(({ info }) => !info.rdns.startsWith(demoRdns))
  const hasDemo = wallets.some(({ info }) => info.rdns.startsWith(demoRdns))
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
                onChoose(wallet)
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
