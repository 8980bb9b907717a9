// Who calls Graph: only tokens of this emulator, for Graph, in their time, with one of the permissions that is needed.
import { epochSeconds } from '../clock.ts'
import { graphId } from '../directory/default-directory.ts'
import type { Account } from '../directory/directory.ts'
import type { Tenant } from '../directory/model.ts'
import { issuerV1, issuerV2, type Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../exchange.ts'
import { verifyGraphToken } from '../tokens/access-token.ts'
import type { JsonObject } from '../tokens/compact.ts'
import { GraphError } from './graph-error.ts'

/** A caller of Graph. */
export interface GraphCaller {
  readonly tenant: Tenant
  readonly clientId: string
  /** Absent for an application that calls for itself. */
  readonly account?: Account | undefined
}

/** Any one of these is enough. */
export interface NeededPermissions {
  /** For a user. */
  readonly scopes: readonly string[]
  /** For an application. */
  readonly roles: readonly string[]
}

const audiences: readonly unknown[] = [graphId, 'https://graph.microsoft.com', 'https://graph.microsoft.com/']

/** @throws {GraphError} 401 for a token that does not count, 403 for one that does not suffice */
export function authenticateGraphCaller(
  c: EmulatorContext,
  emulation: Emulation,
  needed: NeededPermissions,
): GraphCaller {
  const claims = validateToken(c.req.header('authorization'), emulation)
  const tenant = emulation.directory.findTenant(String(claims['tid']))
  if (tenant === undefined || !isIssuer(emulation, tenant, claims['iss'])) {
    throw unauthorized('Access token validation failure. Invalid issuer.')
  }
  checkPermissions(claims, needed)
  const clientId = String(claims['appid'] ?? claims['azp'])
  return { tenant, clientId, account: findAccount(emulation, tenant, claims) }
}

function validateToken(header: string | undefined, emulation: Emulation): JsonObject {
  const text = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  if (text === undefined) throw unauthorized('Access token is empty.')
  const token = verifyGraphToken(emulation, text)
  if (token === undefined) throw unauthorized('Access token validation failure. Invalid signature.')
  const { aud, exp } = token.payload
  if (!audiences.includes(aud)) throw unauthorized('Access token validation failure. Invalid audience.')
  if (typeof exp !== 'number' || exp <= epochSeconds(emulation.clock)) {
    throw unauthorized('Lifetime validation failed, the token is expired.')
  }
  return token.payload
}

function isIssuer(emulation: Emulation, tenant: Tenant, issuer: unknown): boolean {
  return issuer === issuerV1(emulation, tenant) || issuer === issuerV2(emulation, tenant)
}

// Delegated scopes and application roles are two vocabularies: a token speaks one of them.
function checkPermissions({ scp, roles }: JsonObject, needed: NeededPermissions): void {
  const isDelegated = typeof scp === 'string'
  const granted: readonly unknown[] = isDelegated ? scp.split(' ') : Array.isArray(roles) ? roles : []
  const sufficient = isDelegated ? needed.scopes : needed.roles
  if (sufficient.some((permission) => granted.includes(permission))) return
  throw new GraphError(
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
    403,
  )
}

function findAccount(
  { directory }: Emulation,
  tenant: Tenant,
  { oid, scp }: JsonObject,
): Account | undefined {
  if (scp === undefined) return undefined
  const account = directory.accountsOf(tenant).find(({ id }) => id === oid)
  if (account === undefined || !directory.isEnabled(account.user)) {
    throw unauthorized('The user of the token does not exist or is disabled.')
  }
  return account
}

function unauthorized(message: string): GraphError {
  return new GraphError('InvalidAuthenticationToken', message, 401)
}
