// Many streams at once: what was heard of each goes into one report.
'use strict'

const ends = step => step === 'reestablish' || step === 'fail'

// hear puts one stream to an EventSource of its own, and returns its steps up to
// the end of the connection.
const hear = ({url, types}) => new Promise(resolve => {
  const steps = [], source = new EventSource(url)
  follow(source, types, (step, event) => {
    steps.push({step, event})
    if (!ends(step)) return
    source.close()
    resolve(steps)
  })
})

// hearAlone puts each stream to an EventSource of its own, some at the same time.
async function hearAlone(streams, parallel) {
  const heard = [], rest = streams.entries()
  const work = async () => { for (const [i, stream] of rest) heard[i] = await hear(stream) }
  await Promise.all(Array.from({length: parallel}, work))
  return heard
}

// hearTogether puts streams to one EventSource, one after the other. After each
// comes an event of the type separator whose data is its number; those that have
// not come when the connection ends leave a hole in what is returned.
const hearTogether = ({url, types, separator, last}) => new Promise(resolve => {
  const heard = [], source = new EventSource(url)
  let steps = []
  follow(source, [...types, separator], (step, event) => {
    const over = event?.type === separator
    if (over) [heard[event.data], steps] = [steps, []]
    else steps.push({step, event})
    if (!ends(step) && !(over && event.data === String(last))) return
    source.close()
    resolve(heard)
  })
})

// hearAll does both, side by side.
async function hearAll({together, alone, parallel}) {
  const [ofMany, ofOne] = await Promise.all([hearTogether(together), hearAlone(alone, parallel)])
  return {together: ofMany, alone: ofOne}
}
