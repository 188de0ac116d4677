// The checks of the EventSource interface, by the name of their case. Each gets
// a t: what it finds wrong becomes an event of type "assertion", which no case
// expects.
'use strict'

class Check {
  constructor(run, url, types) {
    Object.assign(this, {run, url, types, over: undefined})
    this.closed = new Promise(resolve => { this.close = resolve })
  }

  // wrong reports what is not as it should be.
  wrong(text) { say({run: this.run, step: 'dispatch', event: {type: 'assertion', data: String(text), lastEventId: ''}}) }

  // is compares two values as Object.is does.
  is(got, want, what) { if (!Object.is(got, want)) this.wrong(`${what} is ${String(got)}, want ${String(want)}`) }

  // throws expects f to throw an error of that name.
  throws(f, name, what) {
    try { f() } catch (e) { return this.is(e.name, name, `the error of ${what}`) }
    this.wrong(`${what} throws nothing, want ${name}`)
  }

  // open subscribes to the play, with the EventSource of a window, and reports
  // the steps. The run then ends with the stream.
  open(view = window) {
    const source = report(this.run, new view.EventSource(this.url), this.types)
    this.over = new Promise(resolve => source.addEventListener('error', e => 'data' in e || resolve()))
    return source
  }

  // next waits for an event, for 5 s at most.
  next(source, type) {
    const heard = new Promise(resolve => source.addEventListener(type, resolve, {once: true}))
    const late = new Promise((_, reject) => setTimeout(reject, 5000, new Error(`no ${type} event within 5 s`)))
    const closed = this.closed.then(() => { throw new Error(`closed before a ${type} event`) })
    return Promise.race([heard, late, closed])
  }

  // plain expects the attributes of a plain event.
  plain(e, type) {
    this.is(e.type, type, 'type')
    this.is(e.constructor, Event, 'the interface')
    this.is(e.bubbles, false, 'bubbles')
    this.is(e.cancelable, false, 'cancelable')
    this.is(e.isTrusted, true, 'isTrusted')
    this.is(e.data, undefined, 'data')
  }
}

const checks = {
  'constants'(t) {
    for (const [name, value] of Object.entries({CONNECTING: 0, OPEN: 1, CLOSED: 2})) {
      t.is(EventSource[name], value, `EventSource.${name}`)
      t.is(EventSource.prototype[name], value, `EventSource.prototype.${name}`)
      const d = Object.getOwnPropertyDescriptor(EventSource, name)
      t.is(`${d?.writable} ${d?.enumerable} ${d?.configurable}`, 'false true false', `${name} writable, enumerable, configurable`)
    }
  },

  'interface'(t) {
    t.is(EventSource.length, 1, 'EventSource.length')
    t.is(EventSource.name, 'EventSource', 'EventSource.name')
    t.is(Object.getPrototypeOf(EventSource), EventTarget, 'the parent of EventSource')
    t.is(Object.prototype.toString.call(EventSource.prototype), '[object EventSource]', 'the class string')
    t.is(EventSource.prototype.close.length, 0, 'close.length')
    for (const name of ['url', 'withCredentials', 'readyState'])
      t.is(typeof Object.getOwnPropertyDescriptor(EventSource.prototype, name)?.get, 'function', `the getter of ${name}`)
    for (const name of ['url', 'withCredentials', 'readyState'])
      t.is(Object.getOwnPropertyDescriptor(EventSource.prototype, name)?.set, undefined, `the setter of ${name}`)
    t.throws(() => EventSource(t.url), 'TypeError', 'a call without new')
    t.throws(() => new EventSource(), 'TypeError', 'a constructor without a URL')
  },

  'in-a-worker'(t) {
    const text = 'postMessage([typeof EventSource, EventSource.CLOSED]); close()'
    const worker = new Worker(URL.createObjectURL(new Blob([text])))
    return t.next(worker, 'message').then(e => t.is(String(e.data), 'function,2', 'EventSource in a worker'))
  },

  'url-invalid'(t) {
    for (const url of ['http://this is invalid/', 'http://[', 'http://a:99999/'])
      t.throws(() => new EventSource(url), 'SyntaxError', `new EventSource(${JSON.stringify(url)})`)
  },

  'url-empty'(t) {
    const source = new EventSource('')
    source.close()
    t.is(source.url, document.baseURI, 'url')
  },

  'url-stringified'(t) {
    for (const value of [{toString: () => 'a'}, 1, null, undefined, true]) {
      const source = new EventSource(value)
      source.close()
      t.is(source.url, new URL(String(value), document.baseURI).href, 'url')
    }
    const lone = new EventSource('\ud800')
    lone.close()
    t.is(lone.url, new URL('\ufffd', document.baseURI).href, 'the url of a lone surrogate')
    t.throws(() => new EventSource(Symbol()), 'TypeError', 'a symbol as URL')
  },

  'url-base'(t) {
    const base = document.head.appendChild(document.createElement('base'))
    base.href = '/page/elsewhere/'
    const source = new EventSource('a?b#c')
    source.close()
    base.remove()
    t.is(source.url, location.origin + '/page/elsewhere/a?b#c', 'url')
  },

  'url-not-http': async t => {
    for (const url of ['ftp://127.0.0.1/', 'about:blank', 'mailto:a@example.com', 'javascript:1']) {
      const source = new EventSource(url)
      t.is(source.readyState, 0, `readyState after new EventSource(${JSON.stringify(url)})`)
      const e = await t.next(source, 'error')
      source.close()
      t.plain(e, 'error')
    }
  },

  'url-data': async t => {
    const source = new EventSource('data:text/event-stream,data:%20a%0A%0A')
    const first = Promise.race([t.next(source, 'message'), t.next(source, 'error')])
    const e = await first
    source.close()
    t.is(e.type, 'message', 'the first event of a data: URL')
    t.is(e.data, 'a', 'data')
  },

  'url-kept': async t => {
    const source = t.open()
    const at = source.url
    await t.next(source, 'open')
    t.is(source.url, at, 'url after a redirect')
    await t.next(source, 'error')
    t.is(source.url, at, 'url after the end of the stream')
  },

  'with-credentials'(t) {
    for (const [init, want] of [[undefined, false], [{}, false], [{withCredentials: false}, false], [{withCredentials: true}, true], [{withCredentials: 1}, true]]) {
      const source = new EventSource(t.url, init)
      source.close()
      t.is(source.withCredentials, want, `withCredentials of ${JSON.stringify(init)}`)
      Reflect.set(source, 'withCredentials', !want)
      t.is(source.withCredentials, want, 'withCredentials after an assignment')
    }
  },

  'ready-states': async t => {
    const source = t.open()
    t.is(source.readyState, 0, 'readyState after the constructor')
    await t.next(source, 'open')
    t.is(source.readyState, 1, 'readyState in the open event')
    await t.next(source, 'message')
    t.is(source.readyState, 1, 'readyState in a message event')
    await t.next(source, 'error')
    t.is(source.readyState, 0, 'readyState in the error event of a stream that ended')
    source.close()
    t.is(source.readyState, 2, 'readyState after close')
    source.close()
    t.is(source.readyState, 2, 'readyState after a second close')
  },

  'ready-state-failed': async t => {
    const source = t.open()
    const e = await t.next(source, 'error')
    t.is(source.readyState, 2, 'readyState in the error event of a failed connection')
    t.plain(e, 'error')
  },

  'not-before-the-constructor-returns': async t => {
    const source = new EventSource('data:text/plain,a')
    let returned = false
    source.onerror = source.onopen = () => { if (!returned) t.wrong('an event came before the constructor had returned') }
    returned = true
    await t.next(source, 'error')
    source.close()
  },

  'handlers': async t => {
    const source = t.open()
    for (const name of ['onopen', 'onmessage', 'onerror']) {
      t.is(source[name], null, `${name} at first`)
      source[name] = 1
      t.is(source[name], null, `${name} after the assignment of a number`)
    }
    const heard = []
    for (const name of ['onopen', 'onmessage', 'onerror']) source[name] = function (e) { t.is(this, source, 'this'); heard.push(e.type) }
    await t.next(source, 'error')
    t.is(heard.join(), 'open,message,error', 'what the handlers heard')
  },

  'listeners': async t => {
    const source = t.open()
    const heard = []
    const object = {handleEvent(e) { heard.push('object ' + e.data) }}
    const never = () => heard.push('removed')
    source.addEventListener('custom', object)
    source.addEventListener('custom', e => heard.push('function ' + e.data), {once: true})
    source.addEventListener('custom', never)
    source.removeEventListener('custom', never)
    await t.next(source, 'error')
    t.is(heard.join(), 'object a,function a,object b', 'what the listeners heard')
    t.is(source instanceof EventTarget, true, 'instanceof EventTarget')
  },

  'open-event': async t => {
    const source = t.open()
    t.plain(await t.next(source, 'open'), 'open')
  },

  'error-event': async t => {
    const source = t.open()
    t.plain(await t.next(source, 'error'), 'error')
  },

  'message-event': async t => {
    const source = t.open()
    const e = await t.next(source, 'message')
    t.is(e.constructor, MessageEvent, 'the interface')
    t.is(e.data, 'a', 'data')
    t.is(e.lastEventId, '1', 'lastEventId')
    t.is(e.origin, location.origin, 'origin')
    t.is(e.source, null, 'source')
    t.is(e.ports.length, 0, 'ports')
    t.is(e.bubbles, false, 'bubbles')
    t.is(e.cancelable, false, 'cancelable')
    t.is(e.isTrusted, true, 'isTrusted')
    t.is(e.target, source, 'target')
  },

  'origin-of-another': async t => {
    const source = t.open()
    const e = await t.next(source, 'message')
    t.is(e.origin, location.origin.replace('127.0.0.1', 'localhost'), 'the origin after a redirect to another')
  },

  'realm': async t => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    const source = t.open(frame.contentWindow)
    const e = await t.next(source, 'message')
    t.is(e.constructor, frame.contentWindow.MessageEvent, 'the interface, in a frame')
    await t.over
    source.close()
    frame.remove()
  },
}
