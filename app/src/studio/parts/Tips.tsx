import type { ReactNode } from 'react'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useStudioText } from '../context.ts'
import type { Snapshot, StudioTip } from '../model/api.ts'

/** The tips, newest first. */
export function Tips({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const text = useStudioText()
  return (
    <section className="card" aria-labelledby="tips">
      <h2 id="tips">{text.tips}</h2>
      {snapshot.tips.length === 0 ? (
        <p className="soft">{text.noTips}</p>
      ) : (
        <ul className="studio-tips" tabIndex={0} aria-label={text.tips}>
          {snapshot.tips.map((tip) => (
            <Tip key={tip.key} tip={tip} stream={snapshot.stream} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Tip({ tip, stream }: { readonly tip: StudioTip; readonly stream: Snapshot['stream'] }): ReactNode {
  const text = useStudioText()
  const { locale } = useText()
  const money = useMoney(stream)
  const act = useAct()
  const amount = money.token(tip.amount, 4)
  const about = `${amount} ${tip.message}`
  const time = new Date(tip.atMs)
  return (
    <li data-hidden={tip.hidden}>
      <p className="studio-tip">
        <strong className="figures">{amount}</strong>{' '}
        <time className="fine" dateTime={time.toISOString()}>
          {time.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })}
        </time>
        {tip.message !== '' && <span className="studio-words break">{tip.message}</span>}
      </p>
      <div className="row">
        <button
          type="button"
          aria-label={`${tip.hidden ? text.show : text.hide}: ${about}`}
          onClick={() => act((studio) => studio.tip(tip.hidden ? 'show' : 'hide', tip.key))}
        >
          {tip.hidden ? text.show : text.hide}
        </button>
        <button
          type="button"
          disabled={tip.hidden}
          aria-label={`${text.replay}: ${about}`}
          onClick={() => act((studio) => studio.tip('replay', tip.key))}
        >
          {text.replay}
        </button>
      </div>
    </li>
  )
}
