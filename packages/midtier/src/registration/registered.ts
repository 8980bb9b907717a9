// A registration as rows that can be compared: what the file says, and what Microsoft Graph says.
import { isJsonObject, type JsonObject } from '../kernel/json.ts'
import type { ResolvedApplication } from './resolve-applications.ts'

/** What a registration says, a row for each thing that can be there or not. */
export type Rows = ReadonlyMap<string, string>

/** What a permission of an API is called, by its id; `undefined` when the API has none of this id. */
export type NameOf = (apiId: string, permissionId: string) => string | undefined

/** The rows of the file. */
export function rowsOfFile(application: ResolvedApplication): Rows {
  const { redirectUris, optionalClaims, tokenVersion } = application
  return new Map([
    ['displayName', application.displayName],
    ['signInAudience', application.signInAudience],
    ...each('identifierUris', application.identifierUris),
    ...(tokenVersion === undefined ? [] : [['tokenVersion', String(tokenVersion)] as const]),
    ...application.scopes.map(
      ({ value, adminOnly }) => [`scopes.${value}`, adminOnly ? 'Admin' : 'User'] as const,
    ),
    ...each(
      'appRoles',
      application.appRoles.map(({ value }) => value),
    ),
    ...each('optionalClaims.accessToken', optionalClaims.accessToken),
    ...each('optionalClaims.idToken', optionalClaims.idToken),
    ...each('redirectUris.spa', redirectUris.spa),
    ...each('redirectUris.web', redirectUris.web),
    ...each('redirectUris.publicClient', redirectUris.publicClient),
    ['publicClientFlows', String(application.publicClientFlows)],
    ...application.downstream.flatMap(({ clientId, scopes, roles }) => [
      ...each(`downstream.${clientId}.scopes`, scopes),
      ...each(`downstream.${clientId}.roles`, roles),
    ]),
    ...each('knownClients', application.knownClients),
    ...application.preAuthorizedClients.flatMap(({ clientId, scopes }) =>
      each(`preAuthorizedClients.${clientId}`, scopes),
    ),
  ])
}

/** The rows of an application of Graph; the token version only where the file says one. */
export function rowsOfGraph(application: JsonObject, nameOf: NameOf, expected: Rows): Rows {
  const api = object(application, 'api')
  const own = new Map(objects(api, 'oauth2PermissionScopes').map(({ id, value }) => [id, String(value)]))
  return new Map([
    ['displayName', text(application['displayName'])],
    ['signInAudience', text(application['signInAudience'])],
    ...each('identifierUris', texts(application, 'identifierUris')),
    ...(expected.has('tokenVersion')
      ? [['tokenVersion', text(api['requestedAccessTokenVersion'] ?? 1)] as const]
      : []),
    ...objects(api, 'oauth2PermissionScopes').map(
      ({ value, type }) => [`scopes.${text(value)}`, text(type)] as const,
    ),
    ...each(
      'appRoles',
      objects(application, 'appRoles').map(({ value }) => text(value)),
    ),
    ...(['accessToken', 'idToken'] as const).flatMap((kind) =>
      each(
        `optionalClaims.${kind}`,
        objects(object(application, 'optionalClaims'), kind).map(({ name }) => text(name)),
      ),
    ),
    ...(['spa', 'web', 'publicClient'] as const).flatMap((platform) =>
      each(`redirectUris.${platform}`, texts(object(application, platform), 'redirectUris')),
    ),
    ['publicClientFlows', String(application['isFallbackPublicClient'] === true)],
    ...objects(application, 'requiredResourceAccess').flatMap((required) => permissionRows(required, nameOf)),
    ...each('knownClients', texts(api, 'knownClientApplications')),
    ...objects(api, 'preAuthorizedApplications').flatMap((client) =>
      each(
        `preAuthorizedClients.${text(client['appId'])}`,
        texts(client, 'delegatedPermissionIds').map((id) => own.get(id) ?? id),
      ),
    ),
  ])
}

function permissionRows(required: JsonObject, nameOf: NameOf): readonly Row[] {
  const api = text(required['resourceAppId'])
  return objects(required, 'resourceAccess').map(({ id, type }) => {
    const name = nameOf(api, text(id)) ?? text(id)
    return [`downstream.${api}.${type === 'Role' ? 'roles' : 'scopes'}.${name}`, 'yes'] as const
  })
}

type Row = readonly [string, string]

function each(path: string, names: readonly string[]): readonly Row[] {
  return names.map((name) => [`${path}.${name}`, 'yes'] as const)
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'nothing'
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
  const value = from[name]
  return Array.isArray(value) ? (value as readonly unknown[]).filter((one) => typeof one === 'string') : []
}
