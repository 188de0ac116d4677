// The adapter of npm event-source-plus: URL in, events out (kind "client"). Its listen() says nothing of the other steps
// that tells an end from an error: only dispatch is listed.
import {EventSourcePlus} from 'event-source-plus'
import {dispatch, end, hello, orders} from './wire.mjs'

const open = new Map() // the controller of each run that was not closed yet

function subscribe({run, url, headers}) {
  let lastEventId = ''
  open.set(run, new EventSourcePlus(url, {headers}).listen({onMessage({id, event, data}) {
    lastEventId = id ?? lastEventId
    dispatch(run, {type: event || 'message', data, lastEventId})
  }}))
}

function close({run}) {
  open.get(run)?.abort()
  open.delete(run)
  end(run)
}

hello('event-source-plus', {kind: 'client', steps: ['dispatch'], parallel: 16,
  capabilities: ['reestablish', 'headers', 'types-any']})
await orders({subscribe, close})
