import type { ReactNode } from 'react'
import { useText } from '../text/language.ts'
import { Shell } from '../ui/Shell.tsx'
import { DemoSheet } from '../wallet/demo/DemoSheet.tsx'
import type { Questions } from '../wallet/demo/questions.ts'
import { shortOf, usePageState, useTournamentPage } from './context.ts'
import { Amounts } from './parts/Amounts.tsx'
import { BracketView } from './parts/BracketView.tsx'
import { Create } from './parts/Create.tsx'
import { Desk } from './parts/Desk.tsx'
import { Facts } from './parts/Facts.tsx'
import { Invite } from './parts/Invite.tsx'
import { Notice } from './parts/Notice.tsx'
import { Players } from './parts/Players.tsx'
import { Results } from './parts/Results.tsx'
import { Wallets } from './parts/Wallets.tsx'
import { useWords } from './text/words.ts'

/** The page of hosts, players and referees. */
export function TournamentPage({ questions }: { readonly questions: Questions }): ReactNode {
  const words = useWords()
  const { id } = usePageState()
  return (
    <Shell title={words.title} aside={<WalletPill />}>
      <div className={id === undefined ? 'tournament' : 'tournament running'}>
        {id === undefined ? <Create /> : <Running />}
      </div>
      <DemoSheet questions={questions} />
    </Shell>
  )
}

function Running(): ReactNode {
  const words = useWords()
  const { known, standing, missing } = usePageState()
  if (known === undefined || standing === undefined) {
    return (
      <div className="stack" role="status">
        <h1>{missing ? words.missing : words.loading}</h1>
        {missing && <p>{words.missingHow}</p>}
      </div>
    )
  }
  return (
    <>
      <div className="tournament-main">
        <Facts known={known} standing={standing} />
        <BracketView known={known} standing={standing} />
        <Results known={known} standing={standing} />
        <Players known={known} />
        <Amounts title={words.sponsors} known={known} of={known.sponsors} />
      </div>
      <div className="tournament-side">
        <section className="card" aria-label={words.next}>
          <Notice />
          <Wallets />
          <Desk known={known} standing={standing} />
        </section>
        <Invite known={known} />
      </div>
    </>
  )
}

function WalletPill(): ReactNode {
  const text = useText()
  const { model } = useTournamentPage()
  const { wallet } = usePageState()
  if (wallet === undefined) return null
  return (
    <>
      <span className="fine figures" title={wallet.address}>
        {wallet.name} {shortOf(wallet.address)}
      </span>
      <button type="button" className="quiet" onClick={() => void model.disconnect()}>
        {text.watch.disconnect}
      </button>
    </>
  )
}
