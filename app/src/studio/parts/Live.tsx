import type { ReactNode } from 'react'
import { useAct, useStudioState, useStudioText } from '../context.ts'
import type { Snapshot } from '../model/api.ts'
import type { Source } from '../model/state.ts'

const sources: readonly Source[] = ['camera', 'screen', 'card']

/** What is sent, and from where. Without a stage it is only a place to rest. */
export function Live(props: {
  readonly onScreen: (screen: HTMLVideoElement) => void
  readonly snapshot: Snapshot | undefined
}): ReactNode {
  const text = useStudioText()
  const act = useAct()
  const { sending, busy } = useStudioState()
  const { snapshot } = props
  const hasStage = snapshot !== undefined && snapshot.live !== null
  return (
    <section className={hasStage ? 'card' : 'hidden'} aria-labelledby="live">
      <div className="row studio-head">
        <h2 id="live">{text.live}</h2>
        <span className="badge" role="status" data-testid="on-air" data-live={snapshot?.live === true}>
          {snapshot?.live === true ? text.onAir : text.offAir}
        </span>
      </div>
      <div className="studio-screen" data-on={sending !== undefined}>
        {/* Its sound would come back through the microphone. */}
        <video
          ref={(element) => {
            if (element !== null) props.onScreen(element)
          }}
          muted
          playsInline
          aria-label={text.preview}
        />
      </div>
      {sending === undefined ? (
        <div className="row" role="group" aria-label={text.goLive}>
          {sources.map((source) => (
            <button
              key={source}
              type="button"
              className={source === 'camera' ? 'main' : ''}
              disabled={busy === 'live'}
              onClick={() => act((studio) => studio.goLive(source))}
            >
              {text.sources[source]}
            </button>
          ))}
        </div>
      ) : (
        <div className="row">
          <p role="status">
            {sending.state === 'connected' ? text.sending[sending.source] : text.sendingSoon}
          </p>
          <button type="button" onClick={() => act((studio) => studio.endLive())}>
            {text.endLive}
          </button>
        </div>
      )}
      <p className="fine">
        {sending === undefined && snapshot?.live === true ? text.liveElsewhere : text.liveHint}
      </p>
    </section>
  )
}
