import { useRef, useState, type ReactNode } from 'react'
import { useText } from '../text/language.ts'
import { Shell } from '../ui/Shell.tsx'
import { DemoSheet } from '../wallet/demo/DemoSheet.tsx'
import type { Questions } from '../wallet/demo/questions.ts'
import { useAct, useWatch, useWatchState } from './context.ts'
import { Budget } from './parts/Budget.tsx'
import { LimitsSheet } from './parts/LimitsSheet.tsx'
import { MeterCard } from './parts/MeterCard.tsx'
import { Notice } from './parts/Notice.tsx'
import { Opening } from './parts/Opening.tsx'
import { Price } from './parts/Price.tsx'
import { ReceiptCard } from './parts/ReceiptCard.tsx'
import { RefundCard } from './parts/RefundCard.tsx'
import { Wallets } from './parts/Wallets.tsx'

/** The page of a viewer. */
export function WatchPage(props: {
  readonly questions: Questions
  /** Told the player once it is there. */
  readonly onVideo: (video: HTMLVideoElement) => void
}): ReactNode {
  const { offer } = useWatch()
  const text = useText()
  const { phase } = useWatchState()
  const [limits, showLimits] = useState(false)
  return (
    <Shell title={text.watch.title} aside={<WalletPill />}>
      <div className="watch">
        <section className="stage" aria-label={offer.title}>
          <Picture onVideo={props.onVideo} />
          <h1>{offer.title}</h1>
          <p className="price">
            <Price />
          </p>
          <p className="soft">{text.watch.promise}</p>
        </section>
        <section className="card" aria-label={text.watch.meter} data-phase={phase}>
          <Notice />
          <Desk />
          <button type="button" className="quiet" onClick={() => showLimits(true)}>
            {text.limits.open}
          </button>
        </section>
      </div>
      {limits && <LimitsSheet onClose={() => showLimits(false)} />}
      <DemoSheet questions={props.questions} />
    </Shell>
  )
}

/** What can be done where the page stands. */
function Desk(): ReactNode {
  const text = useText()
  const act = useAct()
  const { phase } = useWatchState()
  switch (phase) {
    case 'visitor':
    case 'connecting':
      return <Wallets />
    case 'ready':
      return <Budget />
    case 'opening':
      return <Opening />
    case 'watching':
      return <MeterCard />
    case 'elsewhere':
      return (
        <div className="stack">
          <h2>{text.watch.elsewhere}</h2>
          <p>{text.watch.elsewhereHint}</p>
          <button type="button" className="main" onClick={() => act((watch) => watch.takeOver())}>
            {text.watch.takeOver}
          </button>
        </div>
      )
    case 'stopping':
      return (
        <div className="stack" role="status">
          <h2>{text.watch.stopping}</h2>
          <p>{text.watch.stoppingHint}</p>
        </div>
      )
    case 'ended':
      return <ReceiptCard />
    case 'refund':
      return <RefundCard />
  }
}

/** The player with its own, few controls. */
function Picture({ onVideo }: { readonly onVideo: (video: HTMLVideoElement) => void }): ReactNode {
  const text = useText()
  const act = useAct()
  const { phase, playing } = useWatchState()
  const video = useRef<HTMLVideoElement>(null)
  const [muted, mute] = useState(false)
  const on = phase === 'watching'
  return (
    <>
      <div className="picture gate">
        <video
          ref={(element) => {
            video.current = element
            if (element !== null) onVideo(element)
          }}
          playsInline
          muted={muted}
        />
        {!on && (
          <p className="picture-idle">
            <span>{text.watch.screenIdle}</span>
          </p>
        )}
      </div>
      {on && (
        <div className="picture-tools">
          <button type="button" onClick={() => act((watch) => (playing ? watch.pause() : watch.play()))}>
            {playing ? text.watch.pause : text.watch.play}
          </button>
          <button type="button" className="quiet" onClick={() => mute(!muted)}>
            {muted ? text.watch.soundOn : text.watch.soundOff}
          </button>
        </div>
      )}
    </>
  )
}

function WalletPill(): ReactNode {
  const text = useText()
  const act = useAct()
  const { wallet, phase } = useWatchState()
  if (wallet === undefined) return null
  return (
    <>
      <span className="fine figures" title={wallet.address}>
        {wallet.name} {wallet.address.slice(0, 6)}…{wallet.address.slice(-4)}
      </span>
      {phase === 'ready' && (
        <button type="button" className="quiet" onClick={() => act((watch) => watch.disconnect())}>
          {text.watch.disconnect}
        </button>
      )}
    </>
  )
}
