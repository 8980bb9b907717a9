// What a route demands of a caller whose token is valid: permissions, tenants, clients, strength. Each refusal says what is missing.
import { isGuid } from '../../authority/tenant.ts'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'
import type { Principal } from '../principal.ts'

/** Names of which one is enough, or all are needed. */
export type Needed = readonly string[] | { readonly all: readonly string[] }

/**
 * What a route demands. Everything given has to be met; nothing given means that any valid token will do. The object and its lists are
 * frozen when they are first used: who changes them later gets a `TypeError` (in strict mode) instead of a route that goes on as before.
 *
 * `Who` is what the API's own check is handed beside the principal.
 */
export interface RequirementsOf<Who> {
  /** Delegated permissions (`scp`): one of them is enough, `{ all: […] }` demands each. A token without a user has none. */
  readonly scopes?: Needed
  /** Application permissions or app roles (`roles`): one is enough, `{ all: […] }` demands each. */
  readonly roles?: Needed
  /**
   * With both `scopes` and `roles`: `either` (default) measures a user by the scopes and an application by the roles;
   * `both` demands both of every caller, so of a user with an app role.
   */
  readonly match?: 'either' | 'both'
  /** `user` refuses applications calling by themselves, `app` refuses users. Default: both may call. */
  readonly caller?: 'user' | 'app'
  /** Tenants (GUIDs) that may call. Default: every tenant that the API accepts. */
  readonly allowedTenants?: readonly string[]
  /** Tenants (GUIDs) that may not. */
  readonly deniedTenants?: readonly string[]
  /** Client ids (`azp`, `appid`) that may call. Default: every client. Alone it is no permission: public clients can be imitated. */
  readonly allowedClients?: readonly string[]
  /** Refuses users who are guests in the tenant (`acct` 1, or an `idp` other than the issuer). Default false. */
  readonly refuseGuests?: boolean
  /** How the client proved itself (`azpacr`, `appidacr`): `secret` refuses public clients, `certificate` secrets too. Default: no matter. */
  readonly clientStrength?: 'secret' | 'certificate'
  /**
   * What Entra agent identities may: `refuse` refuses all of them, `allow` lets them in, a list the agents with these client ids (GUIDs),
   * {@link AgentRule} those that act on behalf of a person. Callers that are no agents are not measured by it. Default: an agent is let in
   * like any client that was granted what the route demands, but its user account is no user where `caller` says `user`.
   */
  readonly agents?: 'refuse' | 'allow' | readonly string[] | AgentRule
  /**
   * Object ids of groups: one is enough. A user of too many groups for a token (overage) is refused; to have Microsoft Graph asked
   * about them, use {@link Requirements.check} instead.
   */
  readonly groups?: readonly string[]
  /** Authentication context (`acrs`), such as `c1`: a caller that understands claims challenges is asked to step up. */
  readonly authenticationContext?: string
  /**
   * Your own check, after all others: `false` refuses with 403. What it throws leaves as it is, so that an error of
   * `caller.downstream(…)` is answered as it is when it leaves a handler. The caller is the one that the handler gets.
   */
  readonly check?: (principal: Principal, caller: Who) => boolean | Promise<boolean>
}

/** Which agent identities a route lets in. */
export interface AgentRule {
  /** Client ids (GUIDs) of agent identities. Default: any. The id of a blueprint is none: it would stand for all of its agents. */
  readonly ids?: readonly string[]
  /** Refuses agents that act by themselves or through their own user accounts. Default false. */
  readonly humanRequired?: boolean
}

/** What a route demands, whomever its own check is handed. */
export type Requirements = RequirementsOf<never>

/** The scopes that a route names, whether one of them is enough or all are needed. */
export function scopeNames({ scopes = [] }: Requirements = {}): readonly string[] {
  return 'all' in scopes ? scopes.all : scopes
}

/** Names of which one is enough, or all. */
export interface NameRule {
  readonly names: readonly string[]
  readonly all: boolean
}

/** {@link AgentRule} made quick to apply. */
export interface ResolvedAgentRule {
  /** `undefined`: any. */
  readonly ids: ReadonlySet<string> | undefined
  readonly humanRequired: boolean
}

/** Requirements checked and made quick to apply. */
export interface ResolvedRequirements {
  readonly scopes: NameRule | undefined
  /** One of those scopes that Entra never writes into a token. */
  readonly unissuedScope: string | undefined
  readonly roles: NameRule | undefined
  readonly match: 'either' | 'both'
  readonly caller: 'user' | 'app' | undefined
  readonly allowedTenants: ReadonlySet<string> | undefined
  readonly deniedTenants: ReadonlySet<string> | undefined
  readonly allowedClients: ReadonlySet<string> | undefined
  readonly refuseGuests: boolean
  readonly clientStrength: 0 | 1 | 2
  readonly agents: ResolvedAgentRule | undefined
  readonly groups: ReadonlySet<string> | undefined
  readonly authenticationContext: string | undefined
  readonly check: Requirements['check']
}

/** Their names. */
export const requirementNames: readonly (keyof Requirements)[] = [
  'scopes',
  'roles',
  'match',
  'caller',
  'allowedTenants',
  'deniedTenants',
  'allowedClients',
  'refuseGuests',
  'clientStrength',
  'agents',
  'groups',
  'authenticationContext',
  'check',
]

// By identity: a route's requirements are written once and resolved once, and forgotten with the route.
const resolved = new WeakMap<Requirements, ResolvedRequirements>()

/** How a client asks for a scope. In `scp` Entra writes the name that follows the API's: `access_as_user`. */
function isRequestedName(scope: string): boolean {
  return scope.includes('://') || scope === '.default'
}

/** @throws ConfigurationError when a scope is demanded that no token of Entra can have. */
export function refuseUnissuedScope({ unissuedScope }: ResolvedRequirements): void {
  if (unissuedScope === undefined) return
  const name = unissuedScope.slice(unissuedScope.lastIndexOf('/') + 1)
  const hint = name === '.default' ? "demand one by its name, such as 'access_as_user'" : `write '${name}'`
  throw at(
    'scopes',
    `holds '${unissuedScope}', and tokens of Entra hold scopes by their names alone: ${hint}`,
  )
}

/**
 * Checks requirements and prepares them; call it when a route is defined, so that a mistake is found at start-up.
 *
 * They are frozen, lists included: what is changed afterwards would be ignored, and throws instead.
 *
 * @throws ConfigurationError naming the member at fault: unknown, empty, or a tenant that is no GUID.
 */
export function resolveRequirements(requirements: Requirements): ResolvedRequirements {
  const before = resolved.get(requirements)
  if (before !== undefined) return before
  const after = resolve(requirements)
  freezeLists(requirements)
  resolved.set(requirements, after)
  return after
}

/** @throws ConfigurationError for what will not be frozen, such as an object that a framework watches. */
function freezeLists(requirements: object): void {
  for (const value of Object.values(freeze(requirements)) as readonly unknown[])
    if (typeof value === 'object' && value !== null) freezeLists(value)
}

function freeze(value: object): object {
  try {
    return Object.freeze(value)
  } catch (cause) {
    throw new ConfigurationError('requirements', 'cannot be frozen: hand over plain objects and lists', {
      cause,
    })
  }
}

function resolve(requirements: Requirements): ResolvedRequirements {
  checkKnownOptions(requirements, requirementNames, 'requirements')
  refuseUndefined(requirements)
  const scopes = resolveNeeded('scopes', requirements.scopes)
  return Object.freeze({
    scopes,
    unissuedScope: scopes?.names.find(isRequestedName),
    roles: resolveNeeded('roles', requirements.roles),
    match: oneOf('match', requirements.match, ['either', 'both']) ?? 'either',
    caller: oneOf('caller', requirements.caller, ['user', 'app']),
    allowedTenants: resolveGuids('allowedTenants', requirements.allowedTenants),
    deniedTenants: resolveGuids('deniedTenants', requirements.deniedTenants),
    allowedClients: resolveSet('allowedClients', requirements.allowedClients),
    refuseGuests: resolveFlag('refuseGuests', requirements.refuseGuests),
    clientStrength:
      strengths[oneOf('clientStrength', requirements.clientStrength, ['secret', 'certificate']) ?? 'none'],
    agents: resolveAgents(requirements.agents),
    groups: resolveSet('groups', requirements.groups),
    authenticationContext: resolveContext(requirements.authenticationContext),
    check: resolveCheck(requirements.check),
  })
}

/** What was to be demanded was read from where it is not: demanding nothing instead would let everybody in. */
function refuseUndefined(requirements: object, within = ''): void {
  for (const [name, value] of Object.entries(requirements) as readonly (readonly [string, unknown])[])
    if (value === undefined)
      throw at(within + name, 'is undefined, and would demand nothing: leave it out, or say what is demanded')
}

const strengths = { none: 0, secret: 1, certificate: 2 } as const

function resolveNeeded(option: string, needed: Needed | undefined): NameRule | undefined {
  if (needed === undefined) return undefined
  if (isList(needed)) return Object.freeze({ names: resolveNames(option, needed), all: false })
  if (typeof needed !== 'object' || (needed as unknown) === null)
    throw at(option, "must be a list of names, ['access_as_user'], or { all: ['…', '…'] }")
  checkKnownOptions(needed, ['all'], `requirements.${option}`)
  return Object.freeze({ names: resolveNames(option, needed.all), all: true })
}

function isList(needed: Needed): needed is readonly string[] {
  return Array.isArray(needed)
}

/** An empty list would let everybody in or nobody: whichever was meant, it was not said. */
function resolveNames(option: string, names: unknown): readonly string[] {
  if (!Array.isArray(names) || names.length === 0) throw at(option, "must list at least one name: ['…']")
  for (const name of names as readonly unknown[])
    if (typeof name !== 'string' || !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name))
      throw at(option, 'holds something other than a name without spaces, quotes or control characters')
  return Object.freeze([...(names as readonly string[])])
}

function resolveSet(option: string, values: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return values === undefined
    ? undefined
    : new Set(resolveNames(option, values).map((value) => value.toLowerCase()))
}

function resolveGuids(
  option: string,
  values: readonly string[] | undefined,
  what = 'a tenant',
): ReadonlySet<string> | undefined {
  const guids = resolveSet(option, values)
  for (const value of guids ?? [])
    if (!isGuid(value)) throw at(option, `holds something other than the GUID of ${what}`)
  return guids
}

const anAgent = 'an agent identity (its client id)'

function resolveAgents(agents: Requirements['agents']): ResolvedAgentRule | undefined {
  if (agents === undefined) return undefined
  if (agents === 'allow') return { ids: undefined, humanRequired: false }
  if (agents === 'refuse') return { ids: new Set(), humanRequired: false }
  if (isListOfIds(agents)) return { ids: resolveGuids('agents', agents, anAgent), humanRequired: false }
  if (typeof agents !== 'object' || (agents as unknown) === null)
    throw at(
      'agents',
      "must be 'refuse', 'allow', a list of client ids, or { ids: ['…'], humanRequired: true }",
    )
  checkKnownOptions(agents, ['ids', 'humanRequired'], 'requirements.agents')
  refuseUndefined(agents, 'agents.')
  const { ids, humanRequired } = agents
  if (ids === undefined && humanRequired === undefined)
    throw at('agents', "says nothing: give ids, humanRequired, 'allow' or 'refuse'")
  return {
    ids: resolveGuids('agents.ids', ids, anAgent),
    humanRequired: resolveFlag('agents.humanRequired', humanRequired),
  }
}

function isListOfIds(agents: readonly string[] | AgentRule): agents is readonly string[] {
  return Array.isArray(agents)
}

function oneOf<const Value extends string>(
  option: string,
  value: Value | undefined,
  values: readonly Value[],
): Value | undefined {
  if (value === undefined || values.includes(value)) return value
  throw at(option, `must be one of ${values.join(', ')}`)
}

function resolveFlag(option: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false
  throw at(option, 'must be true or false')
}

// The value becomes part of a claims request, and Entra's contexts are c1 to c99.
function resolveContext(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && /^c[1-9][0-9]?$/.test(value))) return value
  throw at('authenticationContext', 'must be one of c1 to c99')
}

function resolveCheck(check: unknown): Requirements['check'] {
  if (check === undefined || typeof check === 'function') return check as Requirements['check']
  throw at('check', 'must be a function')
}

function at(option: string, message: string): ConfigurationError {
  return new ConfigurationError(`requirements.${option}`, message)
}
