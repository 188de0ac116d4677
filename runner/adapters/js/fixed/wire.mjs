// The adapter protocol as the adapters of this folder speak it. They are for old versions of libraries: see .ci/fixed.
import {createRequire} from 'node:module'

export const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

// The path is that of the file: some libraries hide package.json from their own name.
const version = (library) => createRequire(import.meta.url)(`./node_modules/${library}/package.json`).version

export const hello = (library, more) => say({hello:
  {protocol: 1, name: library, version: version(library), language: 'JavaScript', parallel: 8, ...more}})

// JSON and UTF-8 would repair a lone surrogate. No case of these adapters leads to one: it is an error rather than a lie.
const text = (s) => {
  if (!s.isWellFormed()) throw new Error('a lone surrogate')
  return s
}

export const dispatch = (run, {type, data, lastEventId}, more) =>
  say({run, step: 'dispatch', event: {type: text(type), data: text(data), lastEventId: text(lastEventId)}, ...more})

export const end = (run) => say({run, step: 'end'})

// Calls the handler of each order, until standard input ends.
export async function orders(handlers) {
  let rest = ''
  for await (const piece of process.stdin.setEncoding('utf8')) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()
    for (const [[verb, order]] of lines.map((line) => Object.entries(JSON.parse(line)))) handlers[verb](order)
  }
  process.exit() // connections that are still open would keep the process alive
}
