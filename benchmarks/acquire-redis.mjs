// How many commands a fresh process sends to a Redis that holds the token already.
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createUsers } from './acquire-tokens.mjs'
import { createRedis, hasRedis } from './redis-server.mjs'

const child = fileURLToPath(new URL('acquire-redis-child.mjs', import.meta.url))

/** `undefined` without a redis-server on this machine. */
export async function measureRedis({ progress }) {
  if (!hasRedis) return undefined
  progress('a fresh process with a warm Redis')
  const redis = await createRedis()
  try {
    const users = createUsers()
    const secret = randomBytes(32).toString('base64')
    const task = { port: redis.port, jwks: users.jwks, assertion: users.assertion(0), secret }
    const cold = await inProcess({ ...task, requests: 1 })
    return { cold, warm: await inProcess({ ...task, requests: 3 }) }
  } finally {
    await redis.remove()
  }
}

async function inProcess(task) {
  const fresh = fork(child, { execArgv: [] })
  fresh.send(task)
  const [told] = await once(fresh, 'message')
  return told
}
