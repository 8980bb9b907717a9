// Checks a policy that someone wrote by hand, and finds what it refers to; a mistake is named by its path.
import * as v from 'valibot'
import { deriveGuid } from './derive-guid.ts'
import type { Application, DirectoryData } from './model.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { isGuid } from '../kernel/guid.ts'
import type { Policy, PolicyDefinition } from './policy.ts'

/** What policies refer to. */
export type PolicySubjects = Pick<DirectoryData, 'tenants' | 'users' | 'applications' | 'agentIdentities'>

const optional = v.exactOptional
const text = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(200, 'at most 200 characters'),
)
const guid = v.pipe(
  v.string(),
  v.check(isGuid, 'must be a GUID'),
  v.transform((value) => value.toLowerCase()),
)
const authContext = v.pipe(v.string(), v.regex(/^c[1-9]\d?$/, 'must be c1 to c99'))
const maxAgeSeconds = v.pipe(v.number(), v.integer(), v.minValue(1, 'must be at least 1'))

const target = {
  id: optional(guid),
  name: optional(text),
  resource: optional(text),
  users: optional(v.pipe(v.array(text), v.minLength(1, 'leave it out for everyone'), v.maxLength(1000))),
  agents: optional(
    v.union(
      [
        v.literal('all'),
        v.pipe(v.array(text), v.minLength(1, 'leave it out for everyone'), v.maxLength(1000)),
      ],
      "must be 'all' or a list of agents",
    ),
  ),
  tenant: optional(text),
  enabled: optional(v.boolean()),
}

const definition = v.variant('kind', [
  v.strictObject({
    ...target,
    kind: v.picklist(['require_mfa', 'require_registration', 'block']),
    authContext: optional(authContext),
  }),
  v.strictObject({
    ...target,
    kind: v.literal('sign_in_frequency'),
    maxAgeSeconds,
    authContext: optional(authContext),
  }),
  v.strictObject({ ...target, kind: v.literal('require_auth_context'), authContext }),
])

/**
 * Parses a policy, finds its API, users and tenant, and fills in what was left out.
 * @throws {EmulatorOptionsError} naming the path of the first mistake, below `path`
 */
export function parsePolicy(value: unknown, subjects: PolicySubjects, path: string): Policy {
  const result = v.safeParse(definition, value)
  if (!result.success) throw describe(result.issues[0], path)
  const given: PolicyDefinition = result.output
  const resource = findResource(given, subjects, path)
  const name = given.name ?? defaultName(given, resource?.displayName ?? 'all APIs')
  return {
    ...given,
    id: given.id ?? deriveGuid('policy', name),
    name,
    resource: resource?.id ?? 'all',
    ...(given.users && {
      users: given.users.map((user, index) => findUser(user, subjects, `${path}.users.${String(index)}`)),
    }),
    ...(Array.isArray(given.agents) && {
      agents: given.agents.map((agent: string, index) =>
        findAgent(agent, subjects, `${path}.agents.${String(index)}`),
      ),
    }),
    ...(given.tenant !== undefined && { tenant: findTenant(given.tenant, subjects, `${path}.tenant`) }),
    enabled: given.enabled ?? true,
  }
}

/**
 * Parses several policies.
 * @throws {EmulatorOptionsError} naming the path of the first mistake, below `path`
 */
export function parsePolicies(
  values: readonly unknown[],
  subjects: PolicySubjects,
  path: string,
): readonly Policy[] {
  const policies = values.map((value, index) => parsePolicy(value, subjects, `${path}.${String(index)}`))
  const twice = policies.findIndex(({ id }, index) => policies.findIndex((other) => other.id === id) < index)
  if (twice < 0) return policies
  const problem = 'another policy has the same id, or the same name that it is derived from'
  throw new EmulatorOptionsError(`${path}.${String(twice)}.id`, problem)
}

function describe(issue: v.BaseIssue<unknown>, path: string): EmulatorOptionsError {
  const member = v.getDotPath(issue)
  return new EmulatorOptionsError(member === null ? path : `${path}.${member}`, issue.message)
}

function findResource(
  { resource = 'all' }: PolicyDefinition,
  { applications }: PolicySubjects,
  path: string,
): Application | undefined {
  if (resource === 'all') return undefined
  const wanted = resource.replace(/\/$/, '').toLowerCase()
  const found = applications.find(({ id, displayName, identifierUris = [] }) =>
    [id, displayName, ...identifierUris].some((name) => name.replace(/\/$/, '').toLowerCase() === wanted),
  )
  if (found !== undefined) return found
  throw new EmulatorOptionsError(
    `${path}.resource`,
    `"${resource}" is not an API of the directory, nor "all"`,
  )
}

// Kept as user principal names, which people recognise.
function findUser(name: string, { users }: PolicySubjects, path: string): string {
  const wanted = name.toLowerCase()
  const found = users.find(
    ({ id, username, guestIn = [] }) =>
      username.toLowerCase() === wanted || id === wanted || guestIn.some((guest) => guest.id === wanted),
  )
  if (found !== undefined) return found.username
  throw new EmulatorOptionsError(path, `"${name}" is not a user of the directory`)
}

function findAgent(name: string, { agentIdentities = [] }: PolicySubjects, path: string): string {
  const wanted = name.toLowerCase()
  const found = agentIdentities.find(
    ({ id, displayName }) => id === wanted || displayName.toLowerCase() === wanted,
  )
  if (found !== undefined) return found.id
  throw new EmulatorOptionsError(path, `"${name}" is not an agent of the directory`)
}

function findTenant(name: string, { tenants }: PolicySubjects, path: string): string {
  const wanted = name.toLowerCase()
  const found = tenants.find(
    ({ id, domains }) => id === wanted || domains.some((it) => it.toLowerCase() === wanted),
  )
  if (found !== undefined) return found.id
  throw new EmulatorOptionsError(path, `"${name}" is not a tenant of the directory`)
}

const demands: Readonly<Record<PolicyDefinition['kind'], string>> = {
  require_mfa: 'Require MFA',
  require_registration: 'Require MFA registration',
  block: 'Block access',
  sign_in_frequency: 'Limit the age of sign-ins',
  require_auth_context: 'Require step-up',
}

function defaultName({ kind, authContext, users, agents }: PolicyDefinition, resource: string): string {
  const context = authContext === undefined ? '' : ` (${authContext})`
  const whom = users === undefined ? '' : ` by ${users.join(', ')}`
  const actors = agents === undefined ? '' : ` through ${agents === 'all' ? 'agents' : agents.join(', ')}`
  return `${demands[kind]}${context} for ${resource}${whom}${actors}`.slice(0, 200)
}
