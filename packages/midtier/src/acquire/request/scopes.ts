// Scopes as a user writes them, made fit for the wire and for a cache key: one resource, sorted, each once.
import { globalCloud } from '../../authority/clouds.ts'
import { AcquisitionError } from '../../kernel/errors/errors.ts'
import { encodeKeyList } from '../../token-cache/cache-key.ts'

/** Scopes that can be asked for in one request. */
export interface ScopeSet {
  /** Sorted, without repetition and without the scopes of OpenID Connect, which the wire format adds. */
  readonly scopes: readonly string[]
  /** The same, as a part of a cache key. */
  readonly encoded: string
  /** Whether it is the one scope `{resource}/.default`: everything that was consented to. */
  readonly isDefault: boolean
}

/** Sets of scopes are few and written in the code; a flood of invented ones starts the memory afresh. */
const maxRemembered = 1000

/** Reads lists of scopes and remembers the answers, since the same few lists come with every request. */
export class ScopeSets {
  readonly #remembered = new Map<string, ScopeSet>()
  readonly #parse: (written: string) => ScopeSet

  constructor(parse: (written: string) => ScopeSet = parseScopes) {
    this.#parse = parse
  }

  /** What a list that was read before says; `undefined` for a new one. */
  peek(scopes: readonly string[]): ScopeSet | undefined {
    return this.#remembered.get(write(scopes))
  }

  /** @throws AcquisitionError as the parser does. */
  read(scopes: readonly string[]): ScopeSet {
    const written = write(scopes)
    const remembered = this.#remembered.get(written)
    if (remembered !== undefined) return remembered
    const scopeSet = this.#parse(written)
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear()
    this.#remembered.set(written, scopeSet)
    return scopeSet
  }
}

/** A list and its members joined by spaces mean the same, as they do on the wire; of one member nothing has to be joined. */
function write(scopes: readonly string[]): string {
  return scopes.length === 1 ? (scopes[0] ?? '') : scopes.join(' ')
}

const openIdScopes: readonly string[] = ['openid', 'profile', 'offline_access']

/**
 * Parses scopes that name the API, separated by spaces; a bare one means Microsoft Graph at `graphHosts`. Does not check that the resource knows them.
 *
 * @throws AcquisitionError when they are empty, malformed, of several resources, or mix `.default` with named ones.
 */
export function parseScopes(
  written: string,
  graphHosts: readonly string[] = globalCloud.graphHosts,
): ScopeSet {
  const scopes = split(written).filter((scope) => !openIdScopes.includes(scope))
  refuse(scopes, graphHosts)
  const isDefault = scopes[0]?.endsWith('.default') === true && scopes.length === 1
  return { scopes: Object.freeze(scopes), encoded: encodeKeyList(scopes), isDefault }
}

/**
 * Parses scopes that mean what the authority says: none is special, and there may be none at all.
 *
 * @throws AcquisitionError when they are malformed.
 */
export function parsePlainScopes(written: string): ScopeSet {
  const scopes = split(written)
  refuseMalformed(scopes)
  return { scopes: Object.freeze(scopes), encoded: encodeKeyList(scopes), isDefault: false }
}

function split(written: string): string[] {
  return [...new Set(written.split(/\s+/).filter((scope) => scope !== ''))].sort()
}

function refuseMalformed(scopes: readonly string[]): void {
  // RFC 6749 §3.3
  if (!scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)))
    throw new AcquisitionError(
      'scopes_malformed',
      'A scope holds a character that RFC 6749 does not allow in one',
    )
}

function refuse(scopes: readonly string[], graphHosts: readonly string[]): void {
  if (scopes.length === 0)
    throw new AcquisitionError(
      'scopes_empty',
      'No scope of a downstream API is asked for: name at least one, such as api://todolist/.default',
    )
  refuseMalformed(scopes)
  const resources = resourcesOf(scopes, graphHosts)
  if (resources.size > 1)
    throw new AcquisitionError(
      'several_resources',
      `A token is good for one API, and these scopes are of ${resources.size}: acquire a token for each (${[...resources].join(', ')})`,
    )
  if (scopes.length > 1 && scopes.some((scope) => scope.endsWith('/.default') || scope === '.default'))
    throw new AcquisitionError(
      'default_scope_mixed',
      '.default means every scope that was consented to: ask for it alone, or for named scopes',
    )
}

const graphAppId = '00000003-0000-0000-c000-000000000000'

/** The APIs that scopes belong to, as far as their text tells. A bare scope such as `User.Read` is Microsoft Graph's, at whichever host. */
function resourcesOf(scopes: readonly string[], graphHosts: readonly string[]): ReadonlySet<string> {
  const named = scopes.map(resourceOf)
  const resources = new Set(named.filter((resource) => resource !== bare))
  const graphs = graphHosts.map((host) => `https://${host}`)
  if (named.includes(bare) && !graphs.some((graph) => resources.has(graph))) resources.add(graphs[0] ?? bare)
  return resources
}

const bare = ''

function resourceOf(scope: string): string {
  const slash = scope.lastIndexOf('/')
  const resource = scope.slice(0, Math.max(slash, 0)).toLowerCase().replace(/\/+$/, '')
  // An application is addressed by its id with and without the scheme alike.
  const name = resource.replace(/^api:\/\/(?=[0-9a-f-]{36}$)/, '')
  return name === graphAppId ? bare : name
}
