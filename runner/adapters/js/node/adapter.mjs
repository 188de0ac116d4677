// The adapter of the EventSource that is built into Node: URL in, events out (kind "client").
// Start it with node --experimental-eventsource.
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// A string with a lone surrogate travels as the Base64 of its WTF-8: JSON and UTF-8 would repair it.
const wtf8 = (s) => Buffer.concat(Array.from(s, (c) => {
  const u = c.charCodeAt(0)
  return c.isWellFormed() ? Buffer.from(c) : Buffer.of(0xe0 | u >> 12, 0x80 | u >> 6 & 63, 0x80 | u & 63)
}))
const member = (key, s) => s.isWellFormed() ? {[key]: s} : {[key + 'Base64']: wtf8(s).toString('base64')}

// What one event of the EventSource means. Only events of the stream have a last event ID, whatever their type. (They
// are MessageEvents, but of a class that is not the global one.)
function step(es, event) {
  if (event.lastEventId !== undefined) {
    const {type, data, lastEventId: id} = event
    return {step: 'dispatch', event: {...member('type', type), ...member('data', data), ...member('lastEventId', id)}}
  }
  if (event.type === 'open') return {step: 'announce'}
  return {step: es.readyState === EventSource.CLOSED ? 'fail' : 'reestablish'}
}

const open = new Map() // the EventSource of each run that was not closed yet

function subscribe({run, url, types, closeOn}) {
  const es = new EventSource(url)
  open.set(run, es)
  let left = closeOn?.count
  const hear = (event) => { // none is taken off after a close: a step that comes nevertheless is what the runner looks for
    const seen = step(es, event)
    say({run, ...seen})
    if (seen.step === closeOn?.step && --left === 0) es.close()
    if (seen.step === 'fail' && open.delete(run)) say({run, step: 'end'})
  }
  for (const type of new Set([...types, 'open', 'error'])) es.addEventListener(type, hear)
}

function close({run}) {
  open.get(run)?.close()
  open.delete(run)
  say({run, step: 'end'})
}

say({hello: {protocol: 1, kind: 'client', name: 'Node EventSource', version: process.versions.node, language: 'JavaScript', parallel: 32,
  capabilities: ['reestablish', 'close-in-callback']}})
let rest = ''
for await (const text of process.stdin.setEncoding('utf8')) { // not readline: from Node 24 on it ends lines at U+2028 too
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const o of lines.map((line) => JSON.parse(line))) o.subscribe ? subscribe(o.subscribe) : close(o.close)
}
process.exit() // connections that are still open would keep the process alive
