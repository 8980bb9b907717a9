// A store over the client of its database, set up as docs/caching-tokens.md says, which counts what is sent. Drivers are imported when they
// are wanted: many processes are started.
import { once } from 'node:events'

const redisOptions = { commandTimeout: 2000, maxRetriesPerRequest: 1 }
const host = '127.0.0.1'
const connectLimitMs = 30_000

const kinds = {
  async redis({ port }, count) {
    const { Redis } = await import('ioredis')
    const client = new Redis(port, host, redisOptions)
    return openRedis(client, count)
  },
  async cluster({ ports }, count) {
    const { Cluster } = await import('ioredis')
    const nodes = ports.map((port) => ({ host, port }))
    const client = new Cluster(nodes, { redisOptions })
    return openRedis(client, count)
  },
  async postgres({ connectionString, max }, count) {
    const { default: pg } = await import('pg')
    const { postgresStore } = await import('../../packages/midtier/dist/esm/postgres.js')
    const pool = new pg.Pool({
      connectionString,
      max,
      query_timeout: 10_000,
      connectionTimeoutMillis: 10_000,
    })
    pool.on('error', () => undefined)
    const query = pool.query.bind(pool)
    pool.query = (text, values) => {
      count(/\w+/.exec(text)[0].toUpperCase())
      return query(text, values)
    }
    return postgresStore(pool)
  },
}

/** @param count Told the first word of each command or statement. */
export function openStore({ kind, ...address }, count) {
  return kinds[kind](address, count)
}

async function openRedis(client, count) {
  client.on('error', () => undefined)
  const call = client.call.bind(client)
  client.call = (command, args) => {
    count(command)
    return call(command, args)
  }
  if (client.status !== 'ready') await once(client, 'ready', { signal: AbortSignal.timeout(connectLimitMs) })
  const { redisStore } = await import('../../packages/midtier/dist/esm/redis.js')
  return redisStore(client)
}
