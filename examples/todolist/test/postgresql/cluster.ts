// A PostgreSQL server of one's own for a test: in a temporary directory, at a socket in it instead of a port, gone afterwards.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** A running server. */
export interface Cluster {
  readonly url: string
  /** Shuts the server down; `start` brings it back with the same data. */
  readonly halt: () => Promise<void>
  readonly start: () => Promise<void>
  /** For good. */
  readonly stop: () => Promise<void>
}

/** Starts a server from the Debian package, or from the PATH. @throws Error when there is none. */
export async function startCluster(): Promise<Cluster> {
  const directory = await mkdtemp(join(tmpdir(), 'todolist-pg-'))
  const identity = await findIdentity()
  if (identity.uid !== undefined && identity.gid !== undefined)
    await chown(directory, identity.uid, identity.gid)
  const binaries = await findBinaries()
  const data = join(directory, 'data')
  await run(
    join(binaries, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8'],
    identity,
  )
  const settings = ['listen_addresses=', `unix_socket_directories=${directory}`, 'port=5432', 'fsync=off']
  const url = `postgres://postgres@localhost:5432/postgres?host=${encodeURIComponent(directory)}`
  const options = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  let server: ChildProcess | undefined

  const cluster: Cluster = {
    url,
    start: async () => {
      server = spawn(join(binaries, 'postgres'), options, { ...identity, stdio: 'ignore' })
      await untilAnswering(url)
    },
    halt: async () => {
      const ended = new Promise((resolve) => server?.once('exit', resolve))
      server?.kill('SIGINT') // "fast shutdown": connections are ended, not waited for
      await ended
    },
    stop: async () => {
      await cluster.halt()
      await rm(directory, { recursive: true, force: true })
    },
  }
  await cluster.start()
  return cluster
}

/** PostgreSQL refuses to run as root. */
async function findIdentity(): Promise<{
  readonly uid?: number
  readonly gid?: number
  readonly cwd: string
}> {
  if (process.getuid?.() !== 0) return { cwd: tmpdir() }
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  )
  return { cwd: tmpdir(), ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) }
}

/** The folder of `initdb` and `postgres`; empty when they are on the PATH. */
async function findBinaries(): Promise<string> {
  const known = process.env['POSTGRES_BIN']
  if (known !== undefined) return known
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newest = versions.map(Number).sort((a, b) => b - a)[0]
  return newest === undefined ? '' : `/usr/lib/postgresql/${newest}/bin`
}

async function untilAnswering(url: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      // Not listening yet, or still starting up; the time limit of the test ends this.
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
