// A Redis of this machine for one run: on a free port, nothing on disk, gone with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

const program = process.env.REDIS_SERVER_PATH ?? '/usr/bin/redis-server'

/** Runs work with a client of a new server. */
export async function withRedis(work) {
  if (!existsSync(program)) throw new Error(`No redis-server at ${program}: set REDIS_SERVER_PATH`)
  const directory = mkdtempSync(join(tmpdir(), 'midtier-bench-'))
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '']
  const server = spawn(program, settings, { stdio: 'ignore' })
  const end = () => server.kill()
  process.once('exit', end)
  const client = new Redis({ port, host: '127.0.0.1' })
  client.on('error', () => {}) // it is not there yet
  try {
    await client.ping()
    return await work(client, port)
  } finally {
    client.disconnect()
    process.off('exit', end)
    server.kill()
    await once(server, 'exit')
    rmSync(directory, { recursive: true, force: true })
  }
}

async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((resolve) => void server.close(resolve))
  return port
}

/** A number of `INFO`. */
export async function numberOf(client, section, name) {
  const text = await client.info(section)
  return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)[1])
}

/** Processor time of the server so far, microseconds. */
export async function processorOf(client) {
  return (
    1e6 * ((await numberOf(client, 'cpu', 'used_cpu_user')) + (await numberOf(client, 'cpu', 'used_cpu_sys')))
  )
}
