// A Redis on this machine for as long as somebody measures: in a folder that is removed, on a port that is free.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const program = process.env.REDIS_SERVER_PATH ?? '/usr/bin/redis-server'
export const hasRedis = existsSync(program)

/** Starts one; `kill()` and `start()` are an outage that forgets everything, `remove()` the end. */
export async function createRedis() {
  const directory = mkdtempSync(join(tmpdir(), 'midtier-bench-'))
  const port = await freePort()
  let server
  const start = async () => {
    const options = { port, bind: '127.0.0.1', dir: directory, save: '' }
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
    server = spawn(program, args, { stdio: 'ignore' })
    while (!(await answers(port))) {
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`)
      await sleep(20)
    }
  }
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  const end = () => {
    server?.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
  process.once('exit', end)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, leave)
  await start()
  return {
    port,
    start,
    kill,
    async remove() {
      await kill()
      end()
      process.off('exit', end)
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, leave)
    },
  }
}

/** Whoever is interrupted leaves nothing behind. */
const leave = () => process.exit(1)

async function answers(port) {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false // not yet
  } finally {
    socket.destroy()
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
