// The adapter of npm sse.js: URL in, events out (kind "client").
import {createRequire} from 'node:module'
import {SSE} from 'sse.js'
import {XMLHttpRequest} from './xhr.mjs'

const {name, version} = createRequire(import.meta.url)('sse.js/package.json')
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// A string with a lone surrogate travels as the Base64 of its WTF-8: JSON and UTF-8 would repair it.
const wtf8 = (s) => Buffer.concat(Array.from(s, (c) => {
  const u = c.charCodeAt(0)
  return c.isWellFormed() ? Buffer.from(c) : Buffer.of(0xe0 | u >> 12, 0x80 | u >> 6 & 63, 0x80 | u & 63)
}))
const member = (key, s) => s.isWellFormed() ? {[key]: s} : {[key + 'Base64']: wtf8(s).toString('base64')}

globalThis.XMLHttpRequest = XMLHttpRequest // it is made for pages: that one is of ours, the rest Node has
process.on('uncaughtException', console.error) // a page goes on after an error that nobody caught

// What one event of the library means. Only an event of the stream has a lastEventId, whatever its type.
function step(source, event) {
  if (event.lastEventId !== undefined) {
    const {type, data, lastEventId: id} = event
    return {step: 'dispatch', event: {...member('type', type), ...member('data', data), ...member('lastEventId', id)}}
  }
  if (event.type === 'open') return {step: 'announce'}
  if (event.readyState === SSE.CLOSED) return {step: source.autoReconnect ? 'reestablish' : 'fail'}
}

const open = new Map() // the SSE of each run that was not closed yet

function subscribe({run, url, types, headers, method, body, bodyBase64, reconnectionTime, closeOn}) {
  const source = new SSE(url, {autoReconnect: true, start: false, headers, method, reconnectDelay: reconnectionTime,
    payload: bodyBase64 ? Buffer.from(bodyBase64, 'base64') : body})
  open.set(run, source)
  let left = closeOn?.count
  const hear = (event) => { // none is taken off after a close: a step that comes nevertheless is what the runner looks for
    const seen = step(source, event)
    if (!seen || seen.step === 'fail') return // it closes at close() alone
    say({run, ...seen})
    if (seen.step === closeOn?.step && --left === 0) source.close()
  }
  try {
    for (const type of new Set([...types, 'open', 'error', 'readystatechange'])) source.addEventListener(type, hear)
    source.stream()
  } catch (error) {
    say({run, step: 'fail', message: String(error)})
    say({run, step: 'end'})
  }
}

function close({run}) {
  open.get(run)?.close()
  open.delete(run)
  say({run, step: 'end'})
}

say({hello: {protocol: 1, kind: 'client', name, version, language: 'JavaScript', parallel: 32,
  capabilities: ['reestablish', 'reconnection-time', 'headers', 'post', 'close-in-callback']}})
let rest = ''
for await (const text of process.stdin.setEncoding('utf8')) { // not readline: from Node 24 on it ends lines at U+2028 too
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const o of lines.map((line) => JSON.parse(line))) o.subscribe ? subscribe(o.subscribe) : close(o.close)
}
process.exit() // connections that are still open would keep the process alive
