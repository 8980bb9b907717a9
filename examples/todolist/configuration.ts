// The one place that reads the environment: what each process of the scenario needs, with defaults that fit the emulator.
import { clientIds, emulatorOnlySecret, tenants } from './registrations.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What both web APIs have. */
export interface WebApiConfiguration {
  readonly port: number
  /** Authority: the emulator's origin, or `https://login.microsoftonline.com/`. */
  readonly instance: string
  readonly clientId: string
  /** Whose people may call. */
  readonly allowedTenants: readonly string[]
  /** The page, which is the only other origin that may read answers. */
  readonly clientOrigin: string
}

/** What the middle-tier API has. */
export interface MiddleTierConfiguration extends WebApiConfiguration {
  readonly clientSecret: string
  readonly todoApiUrl: string
  readonly graphUrl: string
  /** The emulator's origin; `undefined` when people sign in at the real Entra ID. */
  readonly emulatorUrl: string | undefined
}

/** What the To Do API has. */
export interface TodoApiConfiguration extends WebApiConfiguration {
  /** A PostgreSQL server; absent, PGlite keeps the tasks in `dataDirectory`. */
  readonly databaseUrl: string | undefined
  readonly dataDirectory: string
}

/** What the page's server has. */
export interface ClientConfiguration {
  readonly port: number
  readonly clientId: string
  readonly middleTierUrl: string
  readonly todoApiUrl: string
  /** The emulator's origin; `undefined` when people sign in at the real Entra ID. */
  readonly emulatorUrl: string | undefined
  readonly middleTierScope: string
}

/** Reads the middle tier's environment. */
export function readMiddleTierConfiguration(environment: Environment = process.env): MiddleTierConfiguration {
  const instance = read(environment, 'INSTANCE', 'http://localhost:8484/')
  return {
    ...readWebApi(environment, 5001, clientIds.middleTier, instance),
    clientSecret: read(environment, 'CLIENT_SECRET', emulatorOnlySecret),
    todoApiUrl: read(environment, 'TODO_API_URL', 'http://localhost:5002/api/'),
    graphUrl: read(environment, 'GRAPH_URL', new URL('/v1.0/', instance).href),
    emulatorUrl: emulatorOrigin(instance),
  }
}

/** Reads the To Do API's environment. */
export function readTodoApiConfiguration(environment: Environment = process.env): TodoApiConfiguration {
  const instance = read(environment, 'INSTANCE', 'http://localhost:8484/')
  return {
    ...readWebApi(environment, 5002, clientIds.todoApi, instance),
    databaseUrl: readOptional(environment, 'DATABASE_URL'),
    dataDirectory: read(environment, 'TODO_DATA_DIR', '.midtier/todo-data'),
  }
}

/** Reads the environment of the page's server. */
export function readClientConfiguration(environment: Environment = process.env): ClientConfiguration {
  const instance = read(environment, 'INSTANCE', 'http://localhost:8484/')
  return {
    port: readPort(environment, 3000),
    clientId: read(environment, 'CLIENT_ID', clientIds.webClient),
    middleTierUrl: read(environment, 'MIDDLE_TIER_URL', 'http://localhost:5001'),
    todoApiUrl: read(environment, 'TODO_API_URL', 'http://localhost:5002'),
    emulatorUrl: emulatorOrigin(instance),
    middleTierScope: read(environment, 'MIDDLE_TIER_SCOPE', `api://${clientIds.middleTier}/access_as_user`),
  }
}

function emulatorOrigin(instance: string): string | undefined {
  const { hostname, origin } = new URL(instance)
  return hostname === 'login.microsoftonline.com' ? undefined : origin
}

function readWebApi(
  environment: Environment,
  port: number,
  clientId: string,
  instance: string,
): WebApiConfiguration {
  const allowed = read(environment, 'ALLOWED_TENANTS', Object.values(tenants).join(','))
  return {
    port: readPort(environment, port),
    instance,
    clientId: read(environment, 'CLIENT_ID', clientId),
    allowedTenants: allowed.split(',').map((tenant) => tenant.trim()),
    clientOrigin: read(environment, 'CLIENT_ORIGIN', 'http://localhost:3000'),
  }
}

function read(environment: Environment, name: string, otherwise: string): string {
  return readOptional(environment, name) ?? otherwise
}

/** An empty variable counts as absent: that is how a shell unsets one for a single command. */
function readOptional(environment: Environment, name: string): string | undefined {
  const value = environment[name]
  return value === '' ? undefined : value
}

function readPort(environment: Environment, otherwise: number): number {
  const port = Number(read(environment, 'PORT', String(otherwise)))
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new RangeError('PORT must be a whole number from 1 to 65535')
}
