// The four programs of the scenario, and what each is told about the others.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compiledFile } from './compiled-file.ts'
import type { Ports, ProcessName } from './ports.ts'
import type { ServerProgram } from './start-together.ts'

/** What the middle tier is written on, each in `middle-tier/<name>.ts`; the first is the default. */
export const middleTiers = ['express', 'fastify'] as const

/** One of them. */
export type MiddleTier = (typeof middleTiers)[number]

/** What the programs depend on. */
export interface ProgramOptions {
  readonly ports: Ports
  readonly stateDirectory: string
  readonly databaseUrl: string | undefined
  readonly middleTier: MiddleTier
  /** Where a collector takes traces, by OTLP over HTTP; absent, none are recorded. */
  readonly tracesUrl: string | undefined
}

/** What the emulator is started with. */
export function directoryFile(stateDirectory: string): string {
  return join(stateDirectory, 'directory.json')
}

/** What programs are called in traces. */
const serviceNames: Readonly<Record<ProcessName, string>> = {
  emulator: 'emulator',
  todoApi: 'todo-api',
  middleTier: 'middle-tier',
  client: 'page-server',
}

/** Builds the command line and environment of each program. */
export function buildPrograms(options: ProgramOptions): Readonly<Record<ProcessName, ServerProgram>> {
  const programs = describePrograms(options)
  const { tracesUrl } = options
  if (tracesUrl === undefined) return programs
  const names = Object.keys(programs) as ProcessName[]
  const traced = names.map((name) => [name, withTraces(programs[name], serviceNames[name], tracesUrl)])
  return Object.fromEntries(traced) as Readonly<Record<ProcessName, ServerProgram>>
}

function withTraces(program: ServerProgram, serviceName: string, tracesUrl: string): ServerProgram {
  return {
    ...program,
    before: [compiledFile('tracing/open-telemetry.js')],
    environment: {
      ...program.environment,
      OTEL_SERVICE_NAME: serviceName,
      OTEL_EXPORTER_OTLP_ENDPOINT: tracesUrl,
    },
  }
}

function describePrograms({
  ports,
  stateDirectory,
  databaseUrl,
  middleTier,
}: ProgramOptions): Readonly<Record<ProcessName, ServerProgram>> {
  const url = (name: ProcessName): string => `http://localhost:${ports[name]}`
  const shared = { INSTANCE: `${url('emulator')}/`, CLIENT_ORIGIN: url('client') }
  const port = (name: ProcessName): { readonly PORT: string } => ({ PORT: String(ports[name]) })
  return {
    emulator: {
      title: 'Emulator',
      healthPath: '/_emulator/health',
      entry: emulatorEntry(),
      arguments: [
        ...['--port', String(ports.emulator)],
        ...['--public-origin', url('emulator')],
        ...['--state', join(stateDirectory, 'emulator')],
        ...['--directory', directoryFile(stateDirectory)],
      ],
    },
    todoApi: {
      title: 'To Do API',
      healthPath: '/health',
      entry: compiledFile('todo-api/server.js'),
      environment: {
        ...shared,
        ...port('todoApi'),
        TODO_DATA_DIR: join(stateDirectory, 'todo-data'),
        // Also when it is empty: a DATABASE_URL of some other project must not become ours by accident.
        DATABASE_URL: databaseUrl ?? '',
      },
    },
    middleTier: {
      title: `Middle-tier API (${middleTier})`,
      healthPath: '/health',
      entry: compiledFile(`middle-tier/${middleTier}.js`),
      environment: {
        ...shared,
        ...port('middleTier'),
        TODO_API_URL: `${url('todoApi')}/api/`,
        GRAPH_URL: `${url('emulator')}/v1.0/`,
      },
    },
    client: {
      title: 'Web page',
      healthPath: '/health',
      entry: compiledFile('client/server.js'),
      environment: {
        ...shared,
        ...port('client'),
        MIDDLE_TIER_URL: url('middleTier'),
        TODO_API_URL: url('todoApi'),
      },
    },
  }
}

function emulatorEntry(): string {
  const manifest = createRequire(import.meta.url).resolve('@midtier/emulator/package.json')
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly bin: Readonly<Record<string, string>>
  }
  return join(dirname(manifest), bin['midtier-emulator'] ?? '')
}
