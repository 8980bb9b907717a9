// What a fresh process may find in Redis: nothing to find it with, an empty one, or one that has its token already.
import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { createRedis, hasRedis } from './redis-server.mjs'

/** `work(states)`, each with the environment that a process of it has and what is done before it starts; `undefined` without a redis-server. */
export async function withRedisStates(env, work) {
  if (!hasRedis) return undefined
  const servers = []
  try {
    const another = async () => servers[servers.push(await createRedis()) - 1]
    const [cold, warm] = [await another(), await another()]
    const TOKEN_CACHE_KEY = randomBytes(32).toString('base64')
    const surroundingsOf = ({ port }) => ({ ...env, TOKEN_CACHE_KEY, REDIS_PORT: String(port) })
    return await work([
      { state: 'none', surroundings: env },
      { state: 'cold', surroundings: surroundingsOf(cold), before: () => empty(cold) },
      { state: 'warm', surroundings: surroundingsOf(warm) }, // by the first process of each, which is not counted
    ])
  } finally {
    for (const server of servers) await server.remove()
  }
}

async function empty({ port }) {
  const client = new Redis({ port, host: '127.0.0.1' })
  await client.flushall()
  client.disconnect()
}
