// A program in another runtime, as a process of its own that says which port it got, and that is ended for good.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Places } from './runtime-api.ts'

export interface Program {
  readonly origin: string
  /** What it printed. */
  readonly said: () => string
  readonly end: () => Promise<void>
}

/** Where a program finds what it speaks to, and the certificate that it has to trust. */
interface Surroundings {
  readonly places: Places
  readonly ca: Certificate | undefined
}

interface Certificate {
  readonly text: string
  readonly file: string
}

const require = createRequire(import.meta.url)
const modules = dirname(dirname(require.resolve('midtier/package.json')))

// Install scripts would put these in their places; nothing that is tested needs one.
const packageIn = (scope: string): string => join(modules, scope, readdirSync(join(modules, scope))[0] ?? '')

/** How a program is run; the places are in the environment, and for workerd in its configuration. */
const commands: Readonly<Record<string, (file: string, world: Surroundings) => readonly string[]>> = {
  'node-20': (file) => [process.execPath, file],
  'node-22': (file) => [join(modules, 'node-22/bin/node'), file],
  'node-24': (file) => [join(modules, 'node-24/bin/node'), file],
  'node-26': (file) => [join(modules, 'node-26/bin/node'), file],
  bun: (file) => [join(packageIn('@oven'), 'bin/bun'), file],
  deno: (file) => [join(packageIn('@deno'), 'deno'), 'run', '--allow-net', '--allow-env', file],
  workerd: (file, world) => [
    join(packageIn('@cloudflare'), 'bin/workerd'),
    'serve',
    '--control-fd=3', // where it says its port
    configure(file, world, 'nodejs_als'), // for `midtier/context`
  ],
  'deno serve': (file) => [
    join(packageIn('@deno'), 'deno'),
    'serve',
    '--host=127.0.0.1',
    '--port=0',
    '--allow-env',
    '--allow-net',
    file,
  ],
  'workerd with nodejs_compat': (file, world) => [
    join(packageIn('@cloudflare'), 'bin/workerd'),
    'serve',
    '--control-fd=3',
    configure(file, world, 'nodejs_compat'),
  ],
}

/** Starts a program; resolves when it listens. */
export async function start(
  runtime: string,
  file: string,
  places: Places,
  caCertificate?: string,
): Promise<Program> {
  const ca = caCertificate === undefined ? undefined : keep(caCertificate, `${runtime}-ca.pem`)
  const [command = '', ...args] = commands[runtime]?.(file, { places, ca }) ?? []
  const trusted = ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca.file, DENO_CERT: ca.file }
  const child = spawn(command, args, {
    env: { ...process.env, ...places, ...trusted, CLIENT_SECRET: 'middle-tier-secret-for-local-use-only' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), 120_000)
  let said = ''
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', () => reject(new Error(`${runtime} ended: ${said}`)))
      for (const stream of child.stdio.slice(1) as NodeJS.ReadableStream[])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text
          const [, ofProgram, ofWorkerd] =
            /listening on (?:http:\/\/127\.0\.0\.1:)?(\d+)|"port":\s*(\d+)/i.exec(said) ?? []
          const found = ofProgram ?? ofWorkerd
          if (found !== undefined) resolve(found)
        })
    })
    return { origin: `http://127.0.0.1:${port}`, said: () => said, end: () => end(child) }
  } catch (error) {
    await end(child)
    throw error
  } finally {
    clearTimeout(limit)
  }
}

function keep(text: string, file: string): Certificate {
  writeFileSync(file, text)
  return { text, file }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** One worker, which may speak to this machine alone. */
function configure(file: string, { places: { EMULATOR, TODO }, ca }: Surroundings, flag: string): string {
  const tls = ca === undefined ? '' : `, tlsOptions = (trustedCertificates = [${JSON.stringify(ca.text)}])`
  const bindings = { EMULATOR, TODO, CLIENT_SECRET: 'middle-tier-secret-for-local-use-only' }
  const texts = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = "${text}")`)
  const config = `${file}.capnp`
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = (
          modules = [(name = "main", esModule = embed "${file}")],
          compatibilityDate = "2026-06-01", # the last before Node's own modules are there by default
          compatibilityFlags = ["${flag}"],
          bindings = [${texts.join(', ')}],
          globalOutbound = "loopback",
        )),
        (name = "loopback", network = (allow = ["local"]${tls})),
      ],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );`,
  )
  return config
}
