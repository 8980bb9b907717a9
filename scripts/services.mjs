// Services that suites need for real: found on the machine, or installed from Debian packages where that is possible.
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, say } from './set-up.mjs'

const services = [
  {
    name: 'Chromium',
    package: 'chromium',
    find: () => onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome'),
    env: 'CHROMIUM_PATH',
    suites: ['**/browser/**', '**/*.browser.test.ts'],
  },
  {
    name: 'PostgreSQL',
    package: 'postgresql',
    find: findPostgres,
    env: 'POSTGRES_BIN',
    suites: ['**/postgresql/**', '**/*.postgres.test.ts'],
  },
  {
    name: 'Redis',
    package: 'redis-server',
    find: () => onPath('redis-server') ?? onPath('valkey-server'),
    env: 'REDIS_SERVER_PATH',
    suites: ['**/*.redis.test.ts'],
  },
  {
    name: 'MSAL Python',
    package: 'python3-msal',
    find: findMsalPython,
    env: 'MSAL_PYTHON',
    suites: ['**/*.python.test.ts'],
  },
]

/**
 * Finds or installs every service.
 *
 * Resolves to the environment that tells suites where they are, and to those that could not be had.
 */
export async function findServices() {
  const missing = services.filter((service) => locate(service) === undefined)
  if (missing.length > 0) await installPackages(missing.map((service) => service.package))
  const env = {}
  const absent = []
  for (const service of services) {
    const path = locate(service)
    if (path === undefined) absent.push(service)
    else env[service.env] = path
  }
  return { env, absent }
}

function locate(service) {
  return process.env[service.env] ?? service.find()
}

async function installPackages(packages) {
  const apt = onPath('apt-get')
  if (apt === undefined) return
  const asRoot = process.getuid?.() === 0 ? [] : onPath('sudo') === undefined ? undefined : ['sudo', '-n']
  if (asRoot === undefined) return
  say(`Installing ${packages.join(', ')} from Debian packages (a minute or two) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
  ]) {
    const [command, ...rest] = [...asRoot, apt, ...args]
    const { code, output } = await run(command, rest, { capture: true, env })
    if (code !== 0) return say(`apt-get ${args[0]} failed:\n${output.split('\n').slice(-5).join('\n')}`)
  }
}

function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/usr/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

// A Debian package is seen by Debian's own Python alone, whichever other one is on the PATH.
function findMsalPython() {
  return existsSync('/usr/lib/python3/dist-packages/msal') ? '/usr/bin/python3' : undefined
}

// Debian keeps the server programs of each version in a folder that is on nobody's PATH.
function findPostgres() {
  const versions = '/usr/lib/postgresql'
  const folders = existsSync(versions)
    ? readdirSync(versions)
        .sort()
        .reverse()
        .map((version) => join(versions, version, 'bin'))
    : []
  return [...folders, ...(process.env.PATH ?? '').split(delimiter)].find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  )
}
