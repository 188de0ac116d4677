// The adapter of npm @microsoft/fetch-event-source: URL in, events out, and it comes back by itself (kind "client").
import {createRequire} from 'node:module'
import {fetchEventSource} from '@microsoft/fetch-event-source'

const {name, version} = createRequire(import.meta.url)('@microsoft/fetch-event-source/package.json')
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// A string with a lone surrogate travels as the Base64 of its WTF-8: JSON and UTF-8 would repair it.
const wtf8 = (s) => Buffer.concat(Array.from(s, (c) => {
  const u = c.charCodeAt(0)
  return c.isWellFormed() ? Buffer.from(c) : Buffer.of(0xe0 | u >> 12, 0x80 | u >> 6 & 63, 0x80 | u & 63)
}))
const member = (key, s) => s.isWellFormed() ? {[key]: s} : {[key + 'Base64']: wtf8(s).toString('base64')}

// It is written for pages. Shimmed: the timers and fetch of window (Node's own), and a document that is
// always visible and so has no visibilitychange to tell of.
globalThis.window = {fetch, setTimeout, clearTimeout}
globalThis.document = {hidden: false, addEventListener() {}, removeEventListener() {}}

const open = new Map() // the AbortController of each run

async function subscribe({run, url, headers, method, body, bodyBase64}) {
  const abort = new AbortController()
  open.set(run, abort)
  const sent = {...headers && {headers}, ...method && {method}, ...body && {body}, ...bodyBase64 && {body: Buffer.from(bodyBase64, 'base64')}}
  try {
    await fetchEventSource(url, {...sent, signal: abort.signal,
      // A message has the id of its own block, '' without one, and the last retry of it, which is too late to be told
      // (it is in force at once). No onopen: the check of the library would go.
      onmessage: ({event, data, id}) => say({run, step: 'dispatch', event:
        {...member('type', event), ...member('data', data), ...member('lastEventId', id)}}),
      // A body that ends is the end of all, unless onclose throws: that is how the README comes back.
      onclose: () => { throw new Error('the server closed the connection') },
      onerror: (error) => { say({run, step: 'reestablish', message: String(error)}) }, // says no interval of its own
    })
  } catch (error) {
    say({run, step: 'fail', message: String(error)})
  }
  say({run, step: 'end'})
}

say({hello: {protocol: 1, kind: 'client', name, version, language: 'JavaScript', parallel: 32,
  capabilities: ['reestablish', 'headers', 'post', 'types-any'], steps: ['dispatch', 'reestablish', 'fail']}})
let rest = ''
for await (const text of process.stdin.setEncoding('utf8')) { // not readline: from Node 24 on it ends lines at U+2028 too
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const {subscribe: order, close} of lines.map((line) => JSON.parse(line))) {
    order ? subscribe(order) : open.get(close.run).abort() // the promise resolves then, and says end
  }
}
process.exit() // connections that are still open would keep the process alive
