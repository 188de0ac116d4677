// The adapter of npm eventsource-parser 3 and 4 by itself: no TextDecoder takes the byte order mark before it.
import {createParser} from 'eventsource-parser'
import {dispatch, end, hello, orders} from './wire.mjs'

function parse({run, chunks}) {
  let chunk = 0
  let lastEventId = ''
  // An event carries the id of its own block; to keep the last one is the consumer's, says "Event IDs" in the README.
  const parser = createParser({onEvent({id, event, data}) {
    lastEventId = id ?? lastEventId
    dispatch(run, {type: event ?? 'message', data, lastEventId}, {chunk})
  }})
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true})
  for (; chunk < chunks.length; chunk++) parser.feed(decoder.decode(Buffer.from(chunks[chunk], 'base64'), {stream: true}))
  parser.reset()
  end(run)
}

hello('eventsource-parser', {kind: 'parser'})
await orders({parse, close: ({run}) => end(run)})
