// A real Redis for a test, single or as a cluster of three: on free loopback ports, nothing on disk but a temporary directory.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePorts, untilDone } from './free-port.ts'

export interface RedisServer {
  readonly port: number
  stop(): Promise<void>
}

export interface RedisClusterServers {
  readonly ports: readonly number[]
  stop(): Promise<void>
}

/** Starts a server; `args` are further arguments of `redis-server`. */
export async function startRedis(args: readonly string[] = [], wantedPort?: number): Promise<RedisServer> {
  const port = wantedPort ?? (await findFreePorts(1))[0]!
  const directory = await mkdtemp(join(tmpdir(), 'midtier-redis-'))
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory]
  const unsaved = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning']
  const program = process.env['REDIS_SERVER_PATH'] ?? '/usr/bin/redis-server'
  const server = spawn(program, [...settings, ...unsaved, ...args], { stdio: 'ignore' })
  const ended = once(server, 'exit')
  await untilDone(() => ask(port, 'PING').then(() => undefined))
  return {
    port,
    async stop() {
      server.kill('SIGKILL')
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Starts three masters that share the slots. */
export async function startRedisCluster(): Promise<RedisClusterServers> {
  const ports = await findFreePorts(6)
  const nodes = await Promise.all(
    [0, 1, 2].map((index) => {
      const bus = ['--cluster-enabled', 'yes', '--cluster-port', String(ports[index + 3])]
      return startRedis([...bus, '--cluster-node-timeout', '3000'], ports[index])
    }),
  )
  const ranges = [
    ['0', '5460'],
    ['5461', '10922'],
    ['10923', '16383'],
  ]
  for (const [index, { port }] of nodes.entries()) {
    await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', ...ranges[index]!)
    await ask(port, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
  }
  const [first, ...others] = nodes
  for (const { port } of others)
    await ask(port, 'CLUSTER', 'MEET', '127.0.0.1', String(first!.port), String(ports[3]!))
  for (const { port } of nodes) await untilDone(() => checkClusterState(port))
  return {
    ports: nodes.map(({ port }) => port),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

async function checkClusterState(port: number): Promise<void> {
  const info = String(await ask(port, 'CLUSTER', 'INFO'))
  if (!info.includes('cluster_state:ok') || !info.includes('cluster_known_nodes:3'))
    throw new Error(`The cluster is not complete: ${info}`)
}

/** Sends one command over a connection of its own. */
export async function ask(port: number, command: string, ...args: string[]): Promise<unknown> {
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await client.call(command, ...args)
  } finally {
    client.disconnect()
  }
}

/** Every command that a server executes while `work` runs, those of scripts included, as lists of words. */
export async function watchCommands(port: number, work: () => Promise<unknown>): Promise<string[][]> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.write('MONITOR\r\n')
  await untilDone(() => expectWatched('+OK\r\n'))
  await work()
  await ask(port, 'ECHO', 'end of watching')
  await untilDone(() => expectWatched('"end of watching"'))
  socket.destroy()
  const commands = text
    .split('\r\n')
    .map((line) => Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, word]) => word!))
  return commands.filter(([name = ''], index) => name !== '' && !isOurs(name, commands[index]!))

  async function expectWatched(part: string): Promise<void> {
    if (!text.includes(part)) throw new Error(`Redis has not said ${part}`)
  }
}

/** What connecting and ending the watch sends. */
function isOurs(name: string, words: readonly string[]): boolean {
  return words[1] === 'end of watching' || ['client', 'hello', 'info', 'echo'].includes(name.toLowerCase())
}
