// A registration as rows that can be compared: what the file says, and what Microsoft Graph says.
import { isJsonObject, type JsonObject } from '../kernel/json.ts'
import type { Exposed, ResolvedApplication } from './resolve-applications.ts'

/** What a registration says, a row for each thing that can be there or not. */
export type Rows = ReadonlyMap<string, Row>

/** What stands there, and what more is to be said of it: compared where both sides have the row. */
export interface Row {
  readonly value: string
  readonly details?: Readonly<Record<string, string | undefined>>
}

/** What a permission of an API is called, by its id; `undefined` when the API has none of this id. */
export type NameOf = (apiId: string, permissionId: string) => string | undefined

/** What Graph tells of the agents of a blueprint, beside the application. */
export interface RegisteredAgents {
  readonly agents: readonly JsonObject[]
  readonly inherited: readonly JsonObject[]
}

type Entry = readonly [string, Row]

/** The rows of the file. */
export function rowsOfFile(application: ResolvedApplication): Rows {
  const { redirectUris, optionalClaims, tokenVersion, downstream, agents, groupClaims } = application
  return new Map<string, Row>([
    ...one('displayName', application.displayName),
    ...one('signInAudience', application.signInAudience),
    ...each('identifierUris', application.identifierUris),
    ...one('tokenVersion', tokenVersion),
    ...application.scopes.map((scope) => ownRow('scopes', scope, scope.adminOnly ? 'Admin' : 'User')),
    ...application.appRoles.map((role) => ownRow('appRoles', role, 'Application, User')),
    ...each('optionalClaims.accessToken', optionalClaims.accessToken),
    ...each('optionalClaims.idToken', optionalClaims.idToken),
    ...one('groupClaims', groupClaims),
    ...each('redirectUris.spa', redirectUris.spa),
    ...each('redirectUris.web', redirectUris.web),
    ...each('redirectUris.publicClient', redirectUris.publicClient),
    ...one('idTokenIssuance', application.idTokenIssuance),
    ...one('publicClientFlows', application.publicClientFlows),
    ...downstream.flatMap(({ clientId, scopes, roles }) => [
      ...each(`downstream.${clientId}.scopes`, scopes),
      ...each(`downstream.${clientId}.roles`, roles),
    ]),
    ...each('knownClients', application.knownClients),
    ...application.preAuthorizedClients.flatMap(({ clientId, scopes }) =>
      one(`preAuthorizedClients.${clientId}`, listed(scopes)),
    ),
    ...(agents === undefined ? [] : one('agents', 'blueprint')),
    ...(agents ?? []).flatMap(({ name, displayName }) => one(`agents.${name}`, displayName)),
    ...(agents === undefined
      ? []
      : downstream.flatMap(({ clientId }) => one(`inherited.${clientId}`, 'all'))),
  ])
}

function ownRow(kind: string, { value, description, id }: Exposed, type: string): Entry {
  return [`${kind}.${value}`, { value: type, details: { id, description, disabled: undefined } }]
}

/** The rows of an application of Graph; the token version only where the file says one. */
export function rowsOfGraph(
  application: JsonObject,
  nameOf: NameOf,
  file: ResolvedApplication,
  more: RegisteredAgents | undefined,
): Rows {
  const api = object(application, 'api')
  const implicit = object(object(application, 'web'), 'implicitGrantSettings')
  const own = new Map(objects(api, 'oauth2PermissionScopes').map(({ id, value }) => [id, String(value)]))
  const groups = application['groupMembershipClaims'] ?? 'None'
  return new Map<string, Row>([
    ...one('displayName', text(application['displayName'])),
    ...one('signInAudience', text(application['signInAudience'])),
    ...each('identifierUris', texts(application, 'identifierUris')),
    ...one(
      'tokenVersion',
      file.tokenVersion === undefined ? undefined : text(api['requestedAccessTokenVersion'] ?? 1),
    ),
    ...objects(api, 'oauth2PermissionScopes').map((scope) =>
      exposedRow('scopes', scope, text(scope['type'])),
    ),
    ...objects(application, 'appRoles').map((role) =>
      exposedRow('appRoles', role, listed(texts(role, 'allowedMemberTypes'))),
    ),
    ...(['accessToken', 'idToken'] as const).flatMap((kind) =>
      objects(object(application, 'optionalClaims'), kind).flatMap((claim) => claimRow(kind, claim)),
    ),
    ...one('groupClaims', groups === 'None' ? undefined : text(groups)),
    ...(['spa', 'web', 'publicClient'] as const).flatMap((platform) =>
      each(`redirectUris.${platform}`, texts(object(application, platform), 'redirectUris')),
    ),
    ...one('idTokenIssuance', implicit['enableIdTokenIssuance'] === true),
    ...one('accessTokenIssuance', implicit['enableAccessTokenIssuance'] === true ? true : undefined),
    ...one('publicClientFlows', application['isFallbackPublicClient'] === true),
    ...objects(application, 'requiredResourceAccess').flatMap((required) => permissionRows(required, nameOf)),
    ...each('knownClients', texts(api, 'knownClientApplications')),
    ...objects(api, 'preAuthorizedApplications').flatMap((client) =>
      one(
        `preAuthorizedClients.${text(client['appId'])}`,
        listed(texts(client, 'delegatedPermissionIds').map((id) => own.get(id) ?? id)),
      ),
    ),
    ...(more === undefined ? [] : agentRows(more, file)),
  ])
}

function exposedRow(kind: string, exposed: JsonObject, type: string): Entry {
  const descriptions = [
    'adminConsentDisplayName',
    'adminConsentDescription',
    ...(type === 'User' ? ['userConsentDisplayName', 'userConsentDescription'] : []),
    'description',
  ].flatMap((name) => exposed[name] ?? [])
  const details = {
    id: text(exposed['id']).toLowerCase(),
    description: [...new Set(descriptions.map(text))].join(' | '),
    disabled: exposed['isEnabled'] === false ? 'yes' : undefined,
  }
  return [`${kind}.${text(exposed['value'])}`, { value: type, details }]
}

function claimRow(kind: string, { name, essential, additionalProperties }: JsonObject): readonly Entry[] {
  const more = [...(essential === true ? ['essential'] : []), ...asTexts(additionalProperties)]
  return one(`optionalClaims.${kind}.${text(name)}`, more.length === 0 ? 'yes' : `yes, ${more.join(', ')}`)
}

function permissionRows(required: JsonObject, nameOf: NameOf): readonly Entry[] {
  const api = text(required['resourceAppId'])
  return objects(required, 'resourceAccess').flatMap(({ id, type }) =>
    each(`downstream.${api}.${type === 'Role' ? 'roles' : 'scopes'}`, [nameOf(api, text(id)) ?? text(id)]),
  )
}

/** An agent whose id the file does not say is the one that is called so. */
function agentRows({ agents, inherited }: RegisteredAgents, file: ResolvedApplication): readonly Entry[] {
  const nameOf = ({ id, displayName }: JsonObject): string => {
    const own = file.agents ?? []
    const same = own.find(({ clientId }) => clientId === text(id).toLowerCase())
    return (same ?? own.find((each) => !each.isKnown && each.displayName === displayName))?.name ?? text(id)
  }
  return [
    ...one('agents', 'blueprint'),
    ...agents.map(
      (agent) =>
        [
          `agents.${nameOf(agent)}`,
          {
            value: text(agent['displayName']),
            details: { disabled: agent['accountEnabled'] === false ? 'yes' : undefined },
          },
        ] as const,
    ),
    ...inherited.flatMap((permission) => {
      const scopes = object(permission, 'inheritableScopes')
      const kind = text(scopes['@odata.type']).replace(/^#?microsoft\.graph\./, '')
      const handedDown =
        kind === 'allAllowedScopes'
          ? 'all'
          : kind === 'noScopes'
            ? undefined
            : listed(texts(scopes, 'scopes'))
      return one(`inherited.${text(permission['resourceAppId'])}`, handedDown)
    }),
  ]
}

function one(path: string, value: string | number | boolean | undefined): readonly Entry[] {
  return value === undefined ? [] : [[path, { value: String(value) }]]
}

function each(path: string, names: readonly string[]): readonly Entry[] {
  return names.flatMap((name) => one(`${path}.${name}`, 'yes'))
}

/** In whichever order they came. */
function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.toSorted().join(', ')
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'nothing'
}

function asTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter((one) => typeof one === 'string') : []
}

export function object(from: JsonObject, name: string): JsonObject {
  const value = from[name]
  return isJsonObject(value) ? value : {}
}

export function objects(from: JsonObject, name: string): readonly JsonObject[] {
  const value = from[name]
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isJsonObject) : []
}

export function texts(from: JsonObject, name: string): readonly string[] {
  return asTexts(from[name])
}
