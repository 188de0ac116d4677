// The adapter of npm openai: URL in, events of one connection out (kind "stream-reader").
import {_iterSSEMessages} from 'openai/core/streaming'
import {VERSION as version} from 'openai/version'

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// A string with a lone surrogate travels as the Base64 of its WTF-8: JSON and UTF-8 would repair it.
const wtf8 = (s) => Buffer.concat(Array.from(s, (c) => {
  const u = c.charCodeAt(0)
  return c.isWellFormed() ? Buffer.from(c) : Buffer.of(0xe0 | u >> 12, 0x80 | u >> 6 & 63, 0x80 | u & 63)
}))
const member = (key, s) => s.isWellFormed() ? {[key]: s} : {[key + 'Base64']: wtf8(s).toString('base64')}

const open = new Map() // the AbortController of each run

// Stream.fromSSEResponse is the layer above: it takes data for JSON, and ends at [DONE]. This one has no ids, and a type
// of null where none was given.
async function subscribe({run, url, headers}) {
  const abort = new AbortController()
  open.set(run, abort)
  try {
    const response = await fetch(url, {headers, signal: abort.signal})
    for await (const {event, data} of _iterSSEMessages(response, abort)) {
      say({run, step: 'dispatch', event: {...member('type', event ?? ''), ...member('data', data), lastEventId: ''}})
    }
  } catch (error) {
    if (!abort.signal.aborted) say({run, step: 'fail', message: String(error)})
  }
  open.delete(run)
  say({run, step: 'end'})
}

function close({run}) {
  if (open.has(run)) open.get(run).abort() // the loop ends then, and says end
  else say({run, step: 'end'})
}

say({hello: {protocol: 1, kind: 'stream-reader', name: 'openai stream reader', version, language: 'JavaScript', parallel: 32,
  capabilities: ['headers', 'types-any']}})
let rest = ''
for await (const text of process.stdin.setEncoding('utf8')) { // not readline: from Node 24 on it ends lines at U+2028 too
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const o of lines.map((line) => JSON.parse(line))) o.subscribe ? subscribe(o.subscribe) : close(o.close)
}
process.exit() // connections that are still open would keep the process alive
