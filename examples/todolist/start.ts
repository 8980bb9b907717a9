// The command that starts the scenario and tells a person, or a program, where it is.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Ports } from './scenario/ports.ts'
import { middleTiers, type MiddleTier } from './scenario/programs.ts'
import { startScenario, type Scenario } from './scenario/scenario.ts'

const usage = `Usage: node start.js [options]

  --json               print one JSON line with the URLs when everything is ready, and nothing else on standard output
  --state <directory>  where keys and tasks are kept (default: .midtier at the root of the repository)
  --ports <numbers>    wanted ports of web page, middle-tier API, To Do API and emulator (default: 3000,5001,5002,8484);
                       the next free one is used where one is taken
  --middle-tier <name> what the middle-tier API is written on: ${middleTiers.join(' or ')} (default: ${middleTiers[0]})
  --traces <url>       send the traces of all processes to this collector, by OTLP over HTTP: http://localhost:4318
  --help               this text

DATABASE_URL=postgres://… keeps the tasks in that PostgreSQL server instead of PGlite.`

const options = readOptions()
if (options === undefined) process.exitCode = 2
else if (options.help === true) console.log(usage)
else await run(options)

interface Options {
  readonly json?: boolean
  readonly state?: string
  readonly ports?: Ports
  readonly middleTier?: MiddleTier
  readonly traces?: string
  readonly help?: boolean
}

/** `undefined` when the command line is wrong, which has been said then. */
function readOptions(): Options | undefined {
  const known = {
    json: { type: 'boolean' },
    state: { type: 'string' },
    ports: { type: 'string' },
    'middle-tier': { type: 'string' },
    traces: { type: 'string' },
    help: { type: 'boolean' },
  } as const
  try {
    const { ports, 'middle-tier': name, traces, ...values } = parseArgs({ options: known }).values
    return {
      ...values,
      ...(ports !== undefined && { ports: parsePorts(ports) }),
      ...(name !== undefined && { middleTier: parseMiddleTier(name) }),
      ...(traces !== undefined && { traces: parseCollector(traces) }),
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(`${error.message}\n\n${usage}`)
    return undefined
  }
}

/** @throws TypeError unless these are four port numbers. */
function parsePorts(text: string): Ports {
  const [client = 0, middleTier = 0, todoApi = 0, emulator = 0, ...more] = text.split(',').map(Number)
  const ports = { emulator, todoApi, middleTier, client }
  const areValid = Object.values(ports).every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535)
  if (areValid && more.length === 0) return ports
  throw new TypeError(`--ports: "${text}" is not four port numbers, as in 3000,5001,5002,8484`)
}

/** @throws TypeError unless it is the address of something that can be posted to. */
function parseCollector(text: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text
  throw new TypeError(`--traces: "${text}" is no URL of http or https, as in http://localhost:4318`)
}

/** @throws TypeError unless it is one of them. */
function parseMiddleTier(text: string): MiddleTier {
  const found = middleTiers.find((name) => name === text)
  if (found !== undefined) return found
  throw new TypeError(`--middle-tier: "${text}" is none of ${middleTiers.join(', ')}`)
}

async function run(options: Options): Promise<void> {
  const databaseUrl = process.env['DATABASE_URL']
  const progress = options.json === true ? console.error : console.log
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort())

  try {
    const scenario = await startScenario({
      stateDirectory: options.state ?? stateAtRoot(),
      ...(options.ports !== undefined && { ports: options.ports }),
      ...(options.middleTier !== undefined && { middleTier: options.middleTier }),
      ...(options.traces !== undefined && { tracesUrl: options.traces }),
      ...(databaseUrl !== undefined && databaseUrl !== '' && { databaseUrl }),
      onProgress: (line) => progress(line),
      onFailure: (error) => ending.abort(error),
      signal: ending.signal,
    })
    if (options.json === true)
      console.log(JSON.stringify({ urls: scenario.urls, accounts: scenario.accounts }))
    else printWelcome(scenario)
    if (!ending.signal.aborted) await once(ending.signal, 'abort')
    progress('Stopping …')
    await scenario.stop()
    if (isFailure(ending.signal.reason)) throw ending.signal.reason
  } catch (error) {
    if (!isFailure(error)) return
    console.error(error.message)
    process.exitCode = 1
  }
}

/** Being told to stop is no failure; anything else is. */
function isFailure(reason: unknown): reason is Error {
  return reason instanceof Error && reason.name !== 'AbortError'
}

function printWelcome({ urls, accounts }: Scenario): void {
  const strong = (text: string): string => (process.stdout.isTTY ? `\u001B[1m${text}\u001B[0m` : text)
  const width = Math.max(...accounts.map(({ username }) => username.length))
  console.log(`
${strong('Everything is running.')} Open ${strong(`${urls.client}/`)}

  Web page         ${urls.client}/
  Middle-tier API  ${urls.middleTier}/todolist
  To Do API        ${urls.todoApi}/api/tasks
  Emulator         ${urls.emulator}/

Sign in as
${accounts.map(({ username, password, displayName }) => `  ${username.padEnd(width)}  ${password}  ${displayName}`).join('\n')}

Ctrl-C stops everything.`)
}

/** Compiled, this file is examples/todolist/dist/start.js. */
function stateAtRoot(): string {
  return fileURLToPath(new URL('../../../.midtier/', import.meta.url))
}
