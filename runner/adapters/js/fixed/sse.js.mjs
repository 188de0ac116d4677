// The adapter of npm sse.js: bytes in, events out (kind "parser"). The library is made for browsers: XMLHttpRequest here is one
// whose response is the stream of the order.
import {createRequire} from 'node:module'
import {dispatch, end, hello, orders} from './wire.mjs'

let loading // the request of the parse under way

globalThis.XMLHttpRequest = class {
  static DONE = 4
  status = 200
  readyState = 3
  responseText = ''
  listeners = {}
  addEventListener(type, listener) { this.listeners[type] = listener }
  getAllResponseHeaders() { return 'content-type: text/event-stream\r\n' }
  getResponseHeader() { return 'text/event-stream' }
  open() {}
  setRequestHeader() {}
  abort() {}
  send() { loading = this }
  tell(type) { this.listeners[type]?.({currentTarget: this}) }
}

const {SSE} = createRequire(import.meta.url)('sse.js')

// A browser's response text grows by what each chunk completes, and each growth is a progress event.
function parse({run, chunks}) {
  let chunk = 0
  let lastEventId = ''
  const source = new SSE('http://localhost/', {start: false})
  // A listener for every type: the library asks its own table of listeners for each.
  source.listeners = new Proxy(source.listeners, {get: (own, type) => own[type] ?? [(event) => {
    if (event.data === undefined) return
    lastEventId = event.lastEventId ?? event.id ?? lastEventId
    dispatch(run, {type: event.type, data: event.data, lastEventId}, {chunk})
  }]})
  source.stream()
  const decoder = new TextDecoder()
  for (; chunk < chunks.length; chunk++) {
    loading.responseText += decoder.decode(Buffer.from(chunks[chunk], 'base64'), {stream: true})
    loading.tell('progress')
  }
  loading.readyState = XMLHttpRequest.DONE
  loading.tell('load')
  loading.tell('readystatechange')
  end(run)
}

hello('sse.js', {kind: 'parser'})
await orders({parse, close: ({run}) => end(run)})
