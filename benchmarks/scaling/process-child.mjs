// A process of the measured cluster: answers requests as they come and says where each token came from.
import { openApi, scopesOf } from './api.mjs'

let opened
let counts = {}

process.on('message', async (message) => {
  if (message.open !== undefined) {
    opened = openApi(message.open)
    await opened.client.ping()
    process.send('open')
  } else if (message.requests !== undefined) for (const each of message.requests) void answer(each)
  else if (message.reset) {
    counts = {}
    opened.counted.commands = {}
    opened.counted.exchanges = 0
  } else process.send({ counts, ...opened.counted })
})
process.on('disconnect', () => process.exit())

async function answer([assertion, api]) {
  let origin
  try {
    const caller = await opened.authenticate(assertion)
    ;({ origin } = await caller.acquireToken({ scopes: scopesOf(api) }))
  } catch {
    origin = 'refused'
  }
  counts[origin] = (counts[origin] ?? 0) + 1
}
