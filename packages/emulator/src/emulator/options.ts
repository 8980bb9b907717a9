// The options of an emulator, each with its meaning and default, checked once at the start.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/clock.ts'
import { defaultDirectory } from '../directory/default-directory.ts'
import type { DirectoryData } from '../directory/model.ts'
import { parseDirectory } from '../directory/schema.ts'
import type { ResourceIndicators } from '../grants/granting-authority.ts'
import type { TokenLifetime } from '../tokens/lifetime.ts'
import type { Policy, PolicyDefinition } from '../directory/policy.ts'
import { parsePolicies } from '../directory/policy-schema.ts'
import { defaultLifetime } from '../tokens/lifetime.ts'

/** Options of `createEmulator`; every one can be left out. */
export interface EmulatorOptions {
  /** Tenants, users and applications; default: `defaultDirectory`. */
  readonly directory?: DirectoryData
  /** Conditional Access policies beside the directory's own, or in place of those of the same id; default: none. */
  readonly policies?: readonly PolicyDefinition[]
  /** Port of the http listener on 127.0.0.1; default 0: any free one. */
  readonly port?: number
  /** Port of the https listener on 127.0.0.1, 0 for any free one; default: no https. */
  readonly httpsPort?: number
  /**
   * The one origin that issuers and documents name, when clients reach the emulator through another address.
   * Default: each listener names itself, `http://localhost:{port}` and `https://localhost:{httpsPort}`, because clients compare the
   * issuer with the authority that they were given. Never taken from a request.
   */
  readonly publicOrigin?: string
  /**
   * Directory for signing keys, CA, sealing key and consents, so that tokens and sessions survive a restart.
   * It holds private keys: one that others can read is closed to them (0700). Default: memory only.
   */
  readonly stateDirectory?: string
  /** Where the time comes from, in milliseconds since the epoch; default: the system's clock. */
  readonly clock?: Clock
  /** Lifetime of access tokens in seconds, or the bounds between which it is drawn; default 3600 to 5400. */
  readonly accessTokenLifetimeSeconds?: number | TokenLifetime
  /**
   * What becomes of the `resource` parameter (RFC 8707) on v2.0 endpoints. `checked`: it has to be an application ID URI of the
   * API that the scopes are of, else AADSTS9010010, as in Entra. `ignored` and `refused` (AADSTS901002): as until March 2026, which of the
   * two by the path taken. Default `checked`.
   */
  readonly resourceIndicators?: ResourceIndicators
  /** Told about failures inside the emulator; never about tokens or secrets. Default: nothing is told. */
  readonly log?: (message: string) => void
}

/** The options with their defaults. */
export interface Settings {
  readonly directory: DirectoryData
  readonly policies: readonly Policy[]
  readonly port: number
  readonly httpsPort: number | undefined
  readonly publicOrigin: string | undefined
  readonly stateDirectory: string | undefined
  readonly clock: Clock
  readonly lifetime: TokenLifetime
  readonly resourceIndicators: ResourceIndicators
  readonly log: (message: string) => void
}

const optionNames: readonly (keyof EmulatorOptions)[] = [
  'directory',
  'policies',
  'port',
  'httpsPort',
  'publicOrigin',
  'stateDirectory',
  'clock',
  'accessTokenLifetimeSeconds',
  'resourceIndicators',
  'log',
]

/**
 * Checks the options and fills in the defaults.
 * @throws {EmulatorOptionsError} naming the option
 */
export function resolveOptions(options: EmulatorOptions): Settings {
  checkNames(options)
  const directory = parseDirectory(options.directory ?? defaultDirectory)
  return {
    directory,
    policies: resolvePolicies(directory, options.policies),
    port: checkPort('port', options.port ?? 0),
    httpsPort: options.httpsPort === undefined ? undefined : checkPort('httpsPort', options.httpsPort),
    publicOrigin: options.publicOrigin === undefined ? undefined : checkOrigin(options.publicOrigin),
    stateDirectory: options.stateDirectory,
    clock: options.clock ?? Date,
    lifetime: resolveLifetime(options.accessTokenLifetimeSeconds),
    resourceIndicators: checkIndicators(options.resourceIndicators ?? 'checked'),
    log: options.log ?? ignore,
  }
}

function checkNames(options: EmulatorOptions): void {
  const unknown = Object.keys(options).find((name) => !optionNames.some((each) => each === name))
  if (unknown === undefined) return
  throw new EmulatorOptionsError(unknown, `there is no such option; there are ${optionNames.join(', ')}`)
}

function resolvePolicies(
  directory: DirectoryData,
  definitions: readonly PolicyDefinition[] = [],
): readonly Policy[] {
  const added = parsePolicies(definitions, directory, 'policies')
  const ids = new Set(added.map(({ id }) => id))
  const own = parsePolicies(directory.policies ?? [], directory, 'directory.policies')
  return [...own.filter(({ id }) => !ids.has(id)), ...added]
}

function checkPort(option: 'port' | 'httpsPort', port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new EmulatorOptionsError(option, 'must be an integer between 0 and 65535')
}

function checkOrigin(text: string): string {
  const isOrigin = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
  if (isOrigin && new URL(text).origin === text.replace(/\/$/, '')) return new URL(text).origin
  throw new EmulatorOptionsError(
    'publicOrigin',
    'must be an origin such as http://localhost:8080, without a path',
  )
}

function resolveLifetime(lifetime: number | TokenLifetime = defaultLifetime): TokenLifetime {
  const bounds =
    typeof lifetime === 'number' ? { minimumSeconds: lifetime, maximumSeconds: lifetime } : lifetime
  const { minimumSeconds, maximumSeconds } = bounds
  const isRange = [minimumSeconds, maximumSeconds].every(
    (seconds) => Number.isInteger(seconds) && seconds > 0,
  )
  if (isRange && minimumSeconds <= maximumSeconds) return bounds
  throw new EmulatorOptionsError(
    'accessTokenLifetimeSeconds',
    'must be whole seconds above 0, lower bound first',
  )
}

function checkIndicators(choice: ResourceIndicators): ResourceIndicators {
  if (['checked', 'ignored', 'refused'].includes(choice)) return choice
  throw new EmulatorOptionsError('resourceIndicators', "must be 'checked', 'ignored' or 'refused'")
}

function ignore(): void {
  // Nothing is told unless someone listens.
}
