import { clock } from '../edge/browser.ts'
import { followEvents } from '../edge/eventStream.ts'
import { readEvent } from './events.ts'
import { createQueue } from './queue.ts'
import { readStyle } from './style.ts'
import { createView } from './view.ts'
import './overlay.css'

const eventsPath = '/overlay/api/events'

function start(root: HTMLElement): void {
  const style = readStyle(location.search)
  const view = createView(root, style)
  const queue = createQueue({ clock, standMs: style.seconds * 1_000, show: view.alert })
  // Behind the `#`: browsers send that to nobody.
  const secret = location.hash.slice(1)
  if (!/^[\w-]{20,100}$/.test(secret)) {
    view.say('noSecret')
    return
  }
  followEvents({
    url: eventsPath,
    bearer: secret,
    onState: (state) => {
      root.dataset['state'] = state
      view.say(state === 'refused' ? 'refused' : undefined)
    },
    onEvent: (name, data) => {
      const event = readEvent(name, data)
      if (event?.name === 'board') view.board(event.board)
      else if (event?.name === 'alert') queue.add(event.alert)
      else if (event?.name === 'hide') queue.remove(event.key)
    },
  })
}

const root = document.getElementById('overlay')
if (root === null) throw new Error('the page has no place for itself')
start(root)
