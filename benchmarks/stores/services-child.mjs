// The stores, and a proxy before one of them, in a process of its own that takes them down when the benchmark is over or gone. They are
// started by what the tests start them by.
import { register } from 'node:module'
import { answer } from './asked.mjs'

const started = []
let weatherOf

async function load(path) {
  register('../typescript-hooks.mjs', import.meta.url)
  return import(new URL(`../../packages/midtier/test/${path}`, import.meta.url).href)
}

/** From the moment that it is wanted: who cleans up waits for what is being started. */
async function keep(starting) {
  started.push(starting)
  return starting
}

const redis = () => load('stores/redis-server.ts')

answer(
  {
    async startRedis(args, port) {
      const { startRedis } = await redis()
      return (await keep(startRedis(args, port))).port
    },
    async startCluster() {
      const { startRedisCluster, ask } = await redis()
      const { ports } = await keep(startRedisCluster())
      for (const port of ports) await ask(port, 'CONFIG', 'SET', 'cluster-require-full-coverage', 'no')
      return ports
    },
    async startPostgres() {
      const { startPostgres } = await load('stores/postgres-server.ts')
      return (await keep(startPostgres())).connectionString
    },
    async startProxy(port) {
      const { startFaultProxy } = await load('behaviour/many-processes/fault-proxy.ts')
      const proxy = await keep(startFaultProxy(port))
      weatherOf = proxy
      return proxy.port
    },
    setWeather: (weather) => weatherOf.set(weather),
    async serverVersions(port, connectionString) {
      const { ask } = await redis()
      const told = String(await ask(port, 'INFO', 'server'))
      const [, valkey = ''] = /valkey_version:(\S+)/.exec(told) ?? []
      const [, version] = /redis_version:(\S+)/.exec(told)
      const versions = [valkey === '' ? `Redis ${version}` : `Valkey ${valkey}`]
      if (connectionString === undefined) return [...versions, 'no PostgreSQL here']
      const { default: pg } = await import('pg')
      const client = new pg.Client({ connectionString })
      await client.connect()
      const { rows } = await client.query('SHOW server_version')
      await client.end()
      return [...versions, `PostgreSQL ${rows[0].server_version.split(' ')[0]}`]
    },
    /** One command to a Redis. `SHUTDOWN` gets no answer. */
    async command(port, ...words) {
      const { ask } = await redis()
      return ask(port, ...words).catch((error) => {
        if (words[0] !== 'SHUTDOWN') throw error
      })
    },
  },
  async () => {
    for (const service of await Promise.allSettled(started)) await service.value?.stop()
  },
)
