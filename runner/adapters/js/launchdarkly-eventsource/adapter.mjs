// The adapter of npm launchdarkly-eventsource: URL in, events out (kind "client").
import {createRequire} from 'node:module'
import {EventSource} from 'launchdarkly-eventsource'

const {name, version} = createRequire(import.meta.url)('launchdarkly-eventsource/package.json')
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// A string with a lone surrogate travels as the Base64 of its WTF-8: JSON and UTF-8 would repair it.
const wtf8 = (s) => Buffer.concat(Array.from(s, (c) => {
  const u = c.charCodeAt(0)
  return c.isWellFormed() ? Buffer.from(c) : Buffer.of(0xe0 | u >> 12, 0x80 | u >> 6 & 63, 0x80 | u & 63)
}))
const member = (key, s) => s.isWellFormed() ? {[key]: s} : {[key + 'Base64']: wtf8(s).toString('base64')}

// What one event means. Only an event of the stream has an origin, whatever its type. "end" is the body's, "error" all
// that goes wrong; which of the two steps that is, "retrying" and "closed" say after it.
function step(event) {
  if (event.origin !== undefined) {
    const {type, data, lastEventId: id} = event
    return {step: 'dispatch', event: {...member('type', type), ...member('data', data), ...member('lastEventId', id)}}
  }
  return {open: {step: 'announce'}, retrying: {step: 'reestablish'}, closed: {step: 'fail'}}[event.type]
}

const own = ['open', 'error', 'end', 'retrying', 'closed'] // the events of the library itself
const open = new Map() // the EventSource of each run that was not closed yet

function subscribe({run, url, types, headers, method, body, bodyBase64, lastEventId, reconnectionTime, closeOn}) {
  const es = new EventSource(url, {
    headers: {...headers, ...lastEventId !== undefined && {'Last-Event-ID': lastEventId}}, // the documented ways for both
    method, body: bodyBase64 ? Buffer.from(bodyBase64, 'base64') : body,
    initialRetryDelayMillis: reconnectionTime,
  })
  open.set(run, es)
  let left = closeOn?.count
  const hear = (event) => { // none is taken off after a close: a step that comes nevertheless is what the runner looks for
    const seen = step(event)
    if (!seen || seen.step === 'fail' && !open.delete(run)) return // "closed" also answers close()
    say({run, ...seen})
    if (seen.step === closeOn?.step && --left === 0) leave(run) // what it still hears is the runner's to judge
    if (seen.step === 'fail') say({run, step: 'end'})
  }
  for (const type of new Set([...types, ...own])) es.addEventListener(type, hear)
}

function leave(run) {
  const es = open.get(run)
  open.delete(run)
  es?.close()
}

function close({run}) {
  leave(run)
  say({run, step: 'end'})
}

say({hello: {protocol: 1, kind: 'client', name, version, language: 'JavaScript', parallel: 32,
  capabilities: ['reestablish', 'last-event-id', 'reconnection-time', 'headers', 'post', 'close-in-callback']}})
let rest = ''
for await (const text of process.stdin.setEncoding('utf8')) { // not readline: from Node 24 on it ends lines at U+2028 too
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const o of lines.map((line) => JSON.parse(line))) o.subscribe ? subscribe(o.subscribe) : close(o.close)
}
process.exit() // connections that are still open would keep the process alive
