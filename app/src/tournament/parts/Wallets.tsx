import type { ReactNode } from 'react'
import { useStore } from '../../store.ts'
import { demoRdns } from '../../wallet/demo/announce.ts'
import { usePageState, useTournamentPage } from '../context.ts'
import { useWords } from '../text/words.ts'

/** The wallets of this browser, until one is chosen. Nothing is asked of one before it is clicked. */
export function Wallets(): ReactNode {
  const words = useWords()
  const { model, wallets } = useTournamentPage()
  const found = useStore(wallets)
  const { wallet, connecting } = usePageState()
  if (wallet !== undefined) return null
  if (connecting) return <p role="status">{words.connecting}</p>
  return (
    <div className="stack">
      <h2>{words.chooseWallet}</h2>
      <p className="fine">{found.length === 0 ? words.noWallet : words.nothingAsked}</p>
      <ul className="wallets stack">
        {found.map((each) => (
          <li key={each.info.uuid}>
            <button type="button" onClick={() => void model.connect(each, 'ask')}>
              <img src={each.info.icon} alt="" />
              {each.info.name}
              {each.info.rdns.startsWith(demoRdns) && <span className="badge">{words.test}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
