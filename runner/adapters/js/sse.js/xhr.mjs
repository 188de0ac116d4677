// What a page's XMLHttpRequest is to sse.js, on Node's fetch: text that grows while it is loaded.
export class XMLHttpRequest {
  static HEADERS_RECEIVED = 2
  static LOADING = 3
  static DONE = 4
  readyState = 0
  status = 0
  responseText = ''
  #abort = new AbortController()
  #events = new EventTarget()
  #headers = new Headers()
  #response

  addEventListener(type, listener) { this.#events.addEventListener(type, () => listener({currentTarget: this})) }
  open(method, url) { Object.assign(this, {method, url}) }
  setRequestHeader(name, value) { this.#headers.set(name, value) }
  getAllResponseHeaders() { return Array.from(this.#response.headers, ([name, value]) => `${name}: ${value}\r\n`).join('') }
  get response() { return this.responseText }

  abort() {
    if (this.readyState === XMLHttpRequest.DONE) return
    this.#abort.abort()
    this.#tell(XMLHttpRequest.DONE, 'abort')
  }

  async send(body) {
    try {
      await this.#load(body)
    } catch {
      if (!this.#abort.signal.aborted) this.#tell(XMLHttpRequest.DONE, 'error')
    }
  }

  async #load(body) {
    const {method, url} = this
    this.#response = await fetch(url, {method, headers: this.#headers, body: body || undefined, signal: this.#abort.signal})
    this.status = this.#response.status
    this.#tell(XMLHttpRequest.HEADERS_RECEIVED)
    for await (const text of this.#response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      this.responseText += text
      this.#tell(XMLHttpRequest.LOADING, 'progress')
    }
    this.#tell(XMLHttpRequest.DONE, 'load')
  }

  #tell(state, type) {
    this.readyState = state
    for (const name of ['readystatechange', ...type ? [type] : []]) this.#events.dispatchEvent(new Event(name))
  }
}
