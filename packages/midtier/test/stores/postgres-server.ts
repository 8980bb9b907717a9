// A real PostgreSQL for a test: in a temporary directory, at a socket in it instead of a port, gone afterwards.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { untilDone } from './free-port.ts'

const run = promisify(execFile)

export interface PostgresServer {
  readonly connectionString: string
  stop(): Promise<void>
}

export async function startPostgres(): Promise<PostgresServer> {
  const [directory, identity] = await Promise.all([
    mkdtemp(join(tmpdir(), 'midtier-postgres-')),
    findIdentity(),
  ])
  if (identity.uid !== undefined && identity.gid !== undefined)
    await chown(directory, identity.uid, identity.gid)
  const data = join(directory, 'data')
  const programs = findPrograms()
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'],
    identity,
  )
  const settings = ['listen_addresses=', `unix_socket_directories=${directory}`, 'port=5432', 'fsync=off']
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  const server = spawn(join(programs, 'postgres'), args, { ...identity, stdio: 'ignore' })
  const ended = once(server, 'exit')
  const connectionString = `postgres://postgres@localhost:5432/postgres?host=${encodeURIComponent(directory)}`
  await untilDone(() => connectOnce(connectionString))
  return {
    connectionString,
    async stop() {
      server.kill('SIGINT') // "fast shutdown": connections are ended, not waited for
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function connectOnce(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  try {
    await client.connect()
  } finally {
    await client.end()
  }
}

/** PostgreSQL refuses to run as root. */
async function findIdentity(): Promise<{ uid?: number; gid?: number; cwd: string }> {
  const cwd = tmpdir()
  if (process.getuid?.() !== 0) return { cwd }
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  )
  return { cwd, uid: uid!, gid: gid! }
}

function findPrograms(): string {
  const given = process.env['POSTGRES_BIN']
  if (given !== undefined) return given
  const versions = '/usr/lib/postgresql'
  const found = existsSync(versions) ? readdirSync(versions).sort().at(-1) : undefined
  return found === undefined ? '' : join(versions, found, 'bin')
}
