// How many commands a fresh process sends to a Redis that holds the token already.
import { fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createUsers } from './acquire-tokens.mjs'

const program = process.env.REDIS_SERVER_PATH ?? '/usr/bin/redis-server'
const child = fileURLToPath(new URL('acquire-redis-child.mjs', import.meta.url))

/** `undefined` without a redis-server on this machine. */
export async function measureRedis({ progress }) {
  if (!existsSync(program)) return undefined
  progress('a fresh process with a warm Redis')
  const directory = mkdtempSync(join(tmpdir(), 'midtier-bench-'))
  const port = await freePort()
  const server = spawn(program, [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
  ])
  try {
    const users = createUsers()
    const secret = randomBytes(32).toString('base64')
    const task = { port, jwks: users.jwks, assertion: users.assertion(0), secret }
    const cold = await inProcess({ ...task, requests: 1 })
    return { cold, warm: await inProcess({ ...task, requests: 3 }) }
  } finally {
    server.kill()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function inProcess(task) {
  const fresh = fork(child, { execArgv: [] })
  fresh.send(task)
  const [told] = await once(fresh, 'message')
  return told
}

async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((resolve) => void server.close(resolve))
  return port
}
