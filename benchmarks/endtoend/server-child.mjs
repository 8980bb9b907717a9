// A server in a process of its own: told where things are, it says its port, and what it has used between `begin` and `end`.
import { createServer } from 'node:http'
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { createListener } from './servers.mjs'

const [framework, kind] = process.argv.slice(2)

/** How often the delay is looked at. Milliseconds; what a histogram says is that much more. */
const resolution = 1

process.once('message', async (world) => {
  const listener = await createListener(framework, kind, world)
  const server = createServer(listener)
  server.keepAliveTimeout = 600_000 // the others may take long
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const watch = createWatch()
  process.on('message', async (told) => {
    if (told.seed !== undefined) {
      await listener.seed?.(told.seed.count, told.seed.assertions)
      return process.send({ seeded: listener.seed !== undefined })
    }
    process.send(watch[told]())
  })
  process.send({ port: server.address().port })
})
process.on('disconnect', () => process.exit())

function createWatch() {
  let monitor
  let delays = createHistogram()
  let before
  return {
    begin() {
      monitor = monitorEventLoopDelay({ resolution })
      monitor.enable()
      before = process.cpuUsage()
      return {}
    },
    end() {
      const { user, system } = process.cpuUsage(before)
      monitor.disable()
      copy(monitor, delays)
      return { spentUs: user + system }
    },
    /** What was used since it was asked last. */
    total() {
      const delayMs = delays.count === 0 ? 0 : Math.max(0, delays.percentile(99) / 1e6 - resolution)
      delays = createHistogram()
      return { delayMs, rss: process.memoryUsage().rss }
    },
  }
}

/** Value by value: a monitor that goes on after a pause takes the pause for a delay, so that each turn has its own. */
function copy(monitor, into) {
  const { count } = monitor
  for (let index = 0; index < count; index += 1)
    into.record(Math.max(1, Math.round(monitor.percentile((100 * (index + 0.5)) / count))))
}
