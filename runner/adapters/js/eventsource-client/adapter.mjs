// The adapter of npm eventsource-client: URL in, events out (kind "client").
import {createRequire} from 'node:module'
import {createEventSource} from 'eventsource-client'

const {name, version} = createRequire(import.meta.url)('eventsource-client/package.json')
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// A string with a lone surrogate travels as the Base64 of its WTF-8: JSON and UTF-8 would repair it.
const wtf8 = (s) => Buffer.concat(Array.from(s, (c) => {
  const u = c.charCodeAt(0)
  return c.isWellFormed() ? Buffer.from(c) : Buffer.of(0xe0 | u >> 12, 0x80 | u >> 6 & 63, 0x80 | u & 63)
}))
const member = (key, s) => s.isWellFormed() ? {[key]: s} : {[key + 'Base64']: wtf8(s).toString('base64')}

const open = new Map() // the client of each run that was not closed yet

function subscribe({run, url, headers, method, body, bodyBase64, lastEventId, closeOn}) {
  let left = closeOn?.count
  const tell = (line) => {
    say({run, ...line})
    if (line.step === closeOn?.step && --left === 0) client.close()
  }
  const client = createEventSource({url, headers, method, initialLastEventId: lastEventId,
    body: bodyBase64 ? Buffer.from(bodyBase64, 'base64') : body,
    onConnect: () => tell({step: 'announce'}),
    // A message has the id of its own block; lastEventId of the client is the one in force. A type that the stream did
    // not give is undefined: the interface says "message" there.
    onMessage: ({event, data}) => tell({step: 'dispatch', event:
      {...member('type', event ?? 'message'), ...member('data', data), ...member('lastEventId', client.lastEventId ?? '')}}),
    onComment: (comment) => say({run, comment}),
    onScheduleReconnect: ({delay}) => tell({step: 'reestablish', message: `again in ${delay} ms`}),
    // It gives up by itself at 204 alone, and tells so before it has closed.
    onDisconnect: () => queueMicrotask(() => { if (client.readyState === 'closed' && left !== 0 && open.delete(run)) given(run) }),
  })
  open.set(run, client)
}

function given(run) {
  say({run, step: 'fail'})
  say({run, step: 'end'})
}

function close({run}) {
  const client = open.get(run)
  open.delete(run)
  client?.close()
  say({run, step: 'end'})
}

say({hello: {protocol: 1, kind: 'client', name, version, language: 'JavaScript', parallel: 32,
  capabilities: ['reestablish', 'last-event-id', 'headers', 'post', 'comments', 'close-in-callback', 'types-any']}})
let rest = ''
for await (const text of process.stdin.setEncoding('utf8')) { // not readline: from Node 24 on it ends lines at U+2028 too
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const o of lines.map((line) => JSON.parse(line))) o.subscribe ? subscribe(o.subscribe) : close(o.close)
}
process.exit() // connections that are still open would keep the process alive
