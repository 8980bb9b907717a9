// The servers of a benchmark end with it, however it ends: nobody finds a Redis a day later that nobody started.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { untilDone } from '../../packages/midtier/test/stores/free-port.ts'
import { ask } from '../../packages/midtier/test/stores/redis-server.ts'

const processes = new URL('../../benchmarks/stores/asked.mjs', import.meta.url).href
const benchmark = `
  import { openProcess } from ${JSON.stringify(processes)}
  const services = openProcess('services-child.mjs')
  console.log(await services.ask('startRedis', []))`

it('a benchmark that is killed takes its Redis along', { timeout: 120_000 }, async () => {
  const killed = spawn(process.execPath, ['--input-type=module', '--eval', benchmark], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(killed.stdout, 'data')) as [Buffer]
  const port = Number(said.toString())
  expect(await ask(port, 'PING')).toBe('PONG')
  killed.kill('SIGKILL')
  await untilDone(async () => {
    const answer: unknown = await ask(port, 'PING').catch(() => 'gone')
    if (answer !== 'gone') throw new Error(`Redis at ${port} answers ${String(answer)}`)
  })
})
