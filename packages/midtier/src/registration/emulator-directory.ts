// The emulator's directory from registrations. The emulator is a package of its own: what it takes is written here as plain data.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { isJsonObject } from '../kernel/json.ts'
import type { Registrations } from './definition.ts'
import { resolveApplications, type ResolvedApplication } from './resolve-applications.ts'

/** Options of {@link emulatorDirectory}. */
export interface EmulatorDirectoryOptions<Base extends EmulatorBase, Name extends string = string> {
  /** What is there besides, such as people and Microsoft Graph: `defaultDirectory` of `@midtier/emulator`. Its applications of the same ids give way. */
  readonly base: Base
  /** Client secrets for local use, by the names of the applications. Never those of the real tenant. */
  readonly secrets?: Readonly<Partial<Record<NoInfer<Name>, string>>> | undefined
}

/** A directory of the emulator, as far as registrations change it. */
export interface EmulatorBase {
  readonly applications: readonly { readonly id: string }[]
  readonly agentIdentities?: readonly { readonly id: string }[]
}

/**
 * The directory of an emulator in which these applications are registered.
 *
 * What a registration does not say stays as the application of the same id has it in `base`: secrets, certificates, consents.
 * @throws ConfigurationError without `base`, and for one that is no directory.
 * @example
 * ```ts
 * const directory = emulatorDirectory(registrations, { base: defaultDirectory, secrets: { api: 'secret-for-local-use-only' } })
 * const emulator = await createEmulator({ directory })
 * ```
 */
export function emulatorDirectory<Base extends EmulatorBase, Name extends string>(
  registrations: Registrations<Name>,
  options: EmulatorDirectoryOptions<Base, Name>,
): Base {
  const { base, secrets } = options
  checkBase(base)
  const { tenantId } = registrations
  const resolved = resolveApplications(registrations)
  const kept = new Map(base.applications.map((application) => [application.id, application]))
  const secretOf = (name: string): string | undefined =>
    new Map<string, string | undefined>(Object.entries(secrets ?? {})).get(name)
  for (const each of resolved)
    kept.set(each.clientId, {
      ...withoutAbsent({
        ...kept.get(each.clientId),
        ...toApplication(each, tenantId, secretOf(each.name)),
      }),
      id: each.clientId,
    })
  const agents = new Map((base.agentIdentities ?? []).map((agent) => [agent.id, agent]))
  for (const { agents: own = [], clientId } of resolved)
    for (const { clientId: id, displayName } of own)
      agents.set(id, { ...{ displayName, blueprintId: clientId, tenantId }, id })
  return { ...base, applications: [...kept.values()], agentIdentities: [...agents.values()] }
}

function checkBase(base: unknown): void {
  if (base === undefined) throw new ConfigurationError('base', `is missing, and with it ${remedy}`)
  if (!isJsonObject(base)) throw new ConfigurationError('base', `is no directory, and lacks ${remedy}`)
  for (const [name, list] of [
    ['applications', base['applications']],
    ['agentIdentities', base['agentIdentities'] ?? []],
  ] as const)
    if (!Array.isArray(list) || !list.every((each) => isJsonObject(each) && typeof each['id'] === 'string'))
      throw new ConfigurationError(`base.${name}`, `is no list of objects with an id; ${usual}`)
}

const usual =
  "import { defaultDirectory } from '@midtier/emulator', and pass { base: defaultDirectory }, or a directory that is made of it"
const remedy = `people and Microsoft Graph: ${usual}`

/** The emulator takes no member that is `undefined`. */
function withoutAbsent(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function toApplication(
  application: ResolvedApplication,
  tenantId: string,
  secret: string | undefined,
): { readonly id: string } & Readonly<Record<string, unknown>> {
  const { clientId, displayName, identifierUris, tokenVersion, optionalClaims, redirectUris, agents } =
    application
  return {
    id: clientId,
    displayName,
    tenantId,
    signInAudience: application.signInAudience,
    identifierUris,
    ...(tokenVersion === undefined ? {} : { accessTokenAcceptedVersion: tokenVersion }),
    scopes: application.scopes,
    appRoles: application.appRoles.map(({ value, description, id }) => ({ value, description, id })),
    optionalClaims,
    groupMembershipClaims: application.groupClaims,
    redirectUris,
    enableIdTokenIssuance: application.idTokenIssuance,
    isFallbackPublicClient: application.publicClientFlows,
    requiredResourceAccess: application.downstream.map(({ clientId: resourceId, scopes, roles }) => ({
      resourceId,
      scopes,
      roles,
    })),
    knownClientApplications: application.knownClients,
    preAuthorizedApplications: application.preAuthorizedClients.map(({ clientId: id, scopes }) => ({
      id,
      scopes,
    })),
    // What the blueprint is granted of these APIs, its agents inherit.
    ...(agents === undefined
      ? {}
      : {
          agentBlueprint: {
            inheritablePermissions: application.downstream.map(({ clientId: resourceId }) => ({
              resourceId,
              scopes: 'all',
            })),
          },
        }),
    ...(secret === undefined ? {} : { secrets: [{ value: secret }] }),
  }
}
