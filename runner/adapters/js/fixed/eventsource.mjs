// The adapter of the EventSource that a CommonJS package exports: npm eventsource 1 and 2, and launchdarkly-eventsource,
// which grew from it. The package is the one that is named on the command line.
import {createRequire} from 'node:module'
import {dispatch, end, hello, orders, say} from './wire.mjs'

const library = process.argv[2]
const exported = createRequire(import.meta.url)(library)
const EventSource = exported.EventSource ?? exported
const open = new Map() // the EventSource of each run that was not closed yet

// What one event of the EventSource means. One with data is from the stream, whatever its type.
function hear(run, es, event) {
  const {type, data, message} = event
  if (data !== undefined) return dispatch(run, event)
  if (type === 'open') return say({run, step: 'announce'})
  if (es.readyState !== EventSource.CLOSED) return say({run, step: 'reestablish', message})
  say({run, step: 'fail', message})
  end(run)
}

function subscribe({run, url, types, headers}) {
  const es = new EventSource(url, {headers})
  open.set(run, es)
  for (const type of new Set([...types, 'open', 'error'])) es.addEventListener(type, (event) => hear(run, es, event))
}

function close({run}) {
  open.get(run)?.close()
  open.delete(run)
  end(run)
}

hello(library, {kind: 'client', parallel: 32, capabilities: ['reestablish', 'headers']})
await orders({subscribe, close})
