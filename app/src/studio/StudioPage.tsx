import type { ReactNode } from 'react'
import { Shell } from '../ui/Shell.tsx'
import { DemoSheet } from '../wallet/demo/DemoSheet.tsx'
import type { Questions } from '../wallet/demo/questions.ts'
import { useAct, useStudioState, useStudioText } from './context.ts'
import type { Snapshot } from './model/api.ts'
import { Delegation } from './parts/Delegation.tsx'
import { Door } from './parts/Door.tsx'
import { Encoder } from './parts/Encoder.tsx'
import { Goal } from './parts/Goal.tsx'
import { Income } from './parts/Income.tsx'
import { Live } from './parts/Live.tsx'
import { Money } from './parts/Money.tsx'
import { Overlays } from './parts/Overlays.tsx'
import { StreamForm } from './parts/StreamForm.tsx'
import { Tips } from './parts/Tips.tsx'

/** The page of a streamer. */
export function StudioPage(props: {
  readonly questions: Questions
  /** Told the player once it is there. */
  readonly onScreen: (screen: HTMLVideoElement) => void
}): ReactNode {
  const text = useStudioText()
  const { phase, snapshot, connected, problem } = useStudioState()
  const inside = phase === 'inside' && snapshot !== undefined
  return (
    <Shell title={text.title} aside={<Who />}>
      <h1 className={inside ? 'studio-name' : 'hidden'}>{snapshot?.stream.title ?? text.title}</h1>
      {problem !== undefined && (
        <div className="notice studio-notice" role="alert">
          <p>{text.errors[problem.code] ?? problem.message}</p>
          {text.errors[problem.code] === undefined && problem.details !== undefined && (
            <p className="fine break">{problem.details}</p>
          )}
        </div>
      )}
      {phase === 'inside' && !connected && (
        <p className="notice studio-notice" role="status">
          {text.reconnecting}
        </p>
      )}
      {/* The player stays where it is: what is sent must not end because something else is shown. */}
      <div className={inside ? 'studio' : 'studio studio-outside'}>
        <div className="studio-side">
          <Live onScreen={props.onScreen} snapshot={inside ? snapshot : undefined} />
          {inside && <Work snapshot={snapshot} />}
        </div>
        {inside ? <Board snapshot={snapshot} /> : <Door />}
      </div>
      <DemoSheet questions={props.questions} />
    </Shell>
  )
}

function Work({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  return (
    <>
      <Encoder />
      <StreamForm stream={snapshot.stream} />
      <Delegation stream={snapshot.stream} />
    </>
  )
}

function Board({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  return (
    <div className="studio-board">
      <Money snapshot={snapshot} />
      <Income stream={snapshot.stream} />
      <Tips snapshot={snapshot} />
      <Goal snapshot={snapshot} />
      <Overlays />
    </div>
  )
}

function Who(): ReactNode {
  const text = useStudioText()
  const act = useAct()
  const { phase } = useStudioState()
  if (phase !== 'inside') return null
  return (
    <button type="button" className="quiet" onClick={() => act((studio) => studio.leave())}>
      {text.signOut}
    </button>
  )
}
