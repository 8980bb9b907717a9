// @ts-check
// The processes that try.mjs starts beside itself, a Redis among them: all of them end with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** @typedef {import('node:child_process').ChildProcess} Process */

/** @type {Process[]} */
const running = []
const folder = await mkdtemp(join(tmpdir(), 'example-'))

/** Starts a program of this folder, and resolves to the first line that it prints. @param {string} file @param {NodeJS.ProcessEnv} env */
export async function startNode(file, env) {
  return (await start(process.execPath, [file], /./, env)).line
}

/** Starts a Redis of its own, at a socket in a folder of its own. */
export async function startRedis() {
  const program = process.env.REDIS_SERVER_PATH ?? 'redis-server'
  const url = join(folder, 'redis.sock')
  const args = ['--port', '0', '--unixsocket', url, '--save', '']
  const { child } = await start(program, args, /ready to accept/i).catch((cause) => {
    const advice = 'install it, or say where a Redis is: REDIS_URL=redis://127.0.0.1:6379 npm start'
    throw new Error(`There is no ${program}: ${advice}`, { cause })
  })
  return { url, stop: () => stop(child) }
}

/** Ends whatever is left, the last first: who ends in order still needs the Redis. */
export async function stopAll() {
  for (const child of running.reverse()) await stop(child)
  await rm(folder, { recursive: true })
}

/** @param {string} program @param {string[]} args @param {RegExp} ready What it prints once it is. @param {NodeJS.ProcessEnv} [env] */
async function start(program, args, ready, env = {}) {
  const child = spawn(program, args, {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child, 'spawn')
  running.push(child)
  for await (const line of createInterface({ input: child.stdout }))
    if (ready.test(line)) return { child, line }
  throw new Error(`${program} ${args[0]} ended before it was ready`)
}

/** @param {Process} child */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
