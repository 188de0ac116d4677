// The adapter of npm eventsource-parser: bytes in, events out (kind "parser").
import {createRequire} from 'node:module'
import {createParser} from 'eventsource-parser'

const {name, version} = createRequire(import.meta.url)('eventsource-parser/package.json')
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// A string with a lone surrogate travels as the Base64 of its WTF-8: JSON and UTF-8 would repair it.
const wtf8 = (s) => Buffer.concat(Array.from(s, (c) => {
  const u = c.charCodeAt(0)
  return c.isWellFormed() ? Buffer.from(c) : Buffer.of(0xe0 | u >> 12, 0x80 | u >> 6 & 63, 0x80 | u & 63)
}))
const member = (key, s) => s.isWellFormed() ? {[key]: s} : {[key + 'Base64']: wtf8(s).toString('base64')}

// JSON.stringify rounds large numbers. The Infinity that the parser makes of 309 digits and more is no time to be told.
const retry = (run, ms, chunk) => ms === Infinity || process.stdout.write(`{"run":${JSON.stringify(run)},"retry":${BigInt(ms)},"chunk":${chunk}}\n`)

function parse({run, chunks}) {
  let chunk = 0
  let lastEventId = ''
  const parser = createParser({
    // An event carries the id of its own block. To keep the last one is the consumer's, says "Event IDs" in the README.
    onId: (id) => { lastEventId = id },
    // A type that the stream did not give is undefined; EventSource says "message" there, says types.ts.
    onEvent: ({event, data}) => say({run, step: 'dispatch', chunk, event:
      {...member('type', event ?? 'message'), ...member('data', data), ...member('lastEventId', lastEventId)}}),
    onComment: (comment) => say({run, comment, chunk}),
    onRetry: (ms) => retry(run, ms, chunk),
    // No onError: it tells of lines that the standard has ignored, and the parser goes on by itself.
  })
  // The parser takes strings; its README puts a TextDecoderStream before it, of which this is the synchronous form.
  // UTF-8 and one byte order mark are the decoder's, everything after it (a second mark too) is the library's.
  const decoder = new TextDecoder()
  try {
    for (const base64 of chunks) {
      parser.feed(decoder.decode(Buffer.from(base64, 'base64'), {stream: true}))
      chunk++
    }
    parser.feed(decoder.decode()) // what is left of a character cut off, as TextDecoderStream flushes it
    parser.reset()
  } catch (error) {
    say({run, step: 'fail', message: String(error), chunk})
  }
  say({run, step: 'end'})
}

say({hello: {protocol: 1, kind: 'parser', name, version, language: 'JavaScript', parallel: 8,
  capabilities: ['comments', 'retry']}})
let rest = ''
for await (const text of process.stdin.setEncoding('utf8')) { // not readline: from Node 24 on it ends lines at U+2028 too
  rest += text
  if (!text.includes('\n')) continue
  const lines = rest.split('\n')
  rest = lines.pop()
  for (const {parse: order, close} of lines.map((line) => JSON.parse(line))) {
    order ? parse(order) : say({run: close.run, step: 'end'})
  }
}
