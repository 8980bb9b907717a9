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

/**
 * Starts a server; `args` are further arguments of `redis-server`.
 *
 * @throws Error when another program has the wanted port.
 */
export async function startRedis(args: readonly string[] = [], wantedPort?: number): Promise<RedisServer> {
  for (;;) {
    const port = wantedPort ?? (await findFreePorts(1))[0]!
    const server = await launch(port, args)
    if (server !== undefined) return server
    if (wantedPort !== undefined) throw new Error(`Redis could not have port ${wantedPort}`)
  }
}

/** `undefined` when another program was quicker at the port. */
async function launch(port: number, args: readonly string[]): Promise<RedisServer | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'midtier-redis-'))
  const socket = join(directory, 'redis.sock')
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', socket, '--dir', directory]
  const unsaved = ['--save', '', '--appendonly', 'no', '--loglevel', 'warning']
  const program = process.env['REDIS_SERVER_PATH'] ?? '/usr/bin/redis-server'
  const server = spawn(program, [...settings, ...unsaved, ...args], { stdio: 'ignore' })
  const ended = once(server, 'exit')
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
  // Its socket is opened after its port, and is surely its own: at the port, a stranger might answer.
  const answers = untilDone(() => askAt({ path: socket }, 'PING').then(() => undefined)).then(() => true)
  if (await Promise.race([answers, ended.then(() => false)])) return { port, stop }
  answers.catch(() => undefined)
  await stop()
  return undefined
}

/** Starts three masters that share the slots. */
export async function startRedisCluster(): Promise<RedisClusterServers> {
  const nodes = await Promise.all([0, 1, 2].map(() => startClusterNode()))
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
    await ask(port, 'CLUSTER', 'MEET', '127.0.0.1', String(first!.port), String(first!.busPort))
  for (const { port } of nodes) await untilDone(() => checkClusterState(port))
  return {
    ports: nodes.map(({ port }) => port),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

/** Ends by itself when either of its ports is taken, and is then started on others. */
async function startClusterNode(): Promise<RedisServer & { readonly busPort: number }> {
  const [port, busPort] = await findFreePorts(2)
  const settings = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort!)]
  const node = await launch(port!, [...settings, '--cluster-node-timeout', '15000'])
  return node === undefined ? startClusterNode() : { ...node, busPort: busPort! }
}

async function checkClusterState(port: number): Promise<void> {
  const info = String(await ask(port, 'CLUSTER', 'INFO'))
  if (!info.includes('cluster_state:ok') || !info.includes('cluster_known_nodes:3'))
    throw new Error(`The cluster is not complete: ${info}`)
}

/** Sends one command over a connection of its own. */
export async function ask(port: number, command: string, ...args: string[]): Promise<unknown> {
  return askAt({ port, host: '127.0.0.1' }, command, ...args)
}

async function askAt(
  address: { readonly path: string } | { readonly port: number; readonly host: string },
  command: string,
  ...args: string[]
): Promise<unknown> {
  const client = new Redis({ ...address, lazyConnect: true, retryStrategy: () => null })
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
