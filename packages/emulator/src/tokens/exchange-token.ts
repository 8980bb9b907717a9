// Exchange tokens: what a blueprint proves an agent with (T1), and what an agent proves itself with (T2). Nobody else takes them.
import { isIssuerV2, issuerV2 } from '../kernel/origins.ts'
import { epochSeconds } from '../kernel/clock.ts'
import type { Application, Tenant } from '../directory/model.ts'
import { isSignedByUs, type IssuedAccessToken } from './access-token.ts'
import { agentClaims } from './agent-claims.ts'
import { signCompact, type CompactToken } from './compact.ts'
import { opaqueRh, opaqueValue, uniqueTokenId } from './identifiers.ts'
import { accessTokenLifetimeSeconds } from './lifetime.ts'
import type { ClientAuthenticationLevel } from './subject.ts'
import type { TokenIssuer } from './token-issuer.ts'

/** What an exchange token is made of. */
export interface ExchangeTokenRequest {
  readonly tenant: Tenant
  /** Who asked for it. */
  readonly client: Application
  /** Default: the client, who alone passes it on. */
  readonly audience?: string
  readonly clientLevel: ClientAuthenticationLevel
  readonly subject: string
}

/** The subject of a token with which an application proves what is below it in a tenant: its `fmi_path`. */
export function pathSubject(tenant: Pick<Tenant, 'id'>, applicationId: string, path: string): string {
  return `/eid1/c/pub/t/${shorten(tenant.id)}/a/${shorten(applicationId)}/${path.toLowerCase()}`
}

/** Issues an exchange token. */
export function issueExchangeToken(issuer: TokenIssuer, request: ExchangeTokenRequest): IssuedAccessToken {
  const { tenant, client, clientLevel, subject, audience = client.id } = request
  const { kid, privateKey } = issuer.keys.current
  const issuedAt = epochSeconds(issuer.clock)
  const lifetimeSeconds = accessTokenLifetimeSeconds(issuer.lifetime, client, subject)
  const claims = {
    aud: audience,
    iss: issuerV2(issuer.origins, tenant),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    aio: opaqueValue(),
    azp: client.id,
    azpacr: clientLevel,
    idtyp: 'app',
    oid: issuer.directory.servicePrincipalId(client, tenant),
    rh: opaqueRh(tenant.id, client.id),
    sub: subject,
    tid: tenant.id,
    uti: uniqueTokenId(),
    ver: '2.0',
    ...agentClaims(issuer, { client }),
  }
  return {
    token: signCompact({ typ: 'JWT', alg: 'RS256', kid }, claims, privateKey),
    claims,
    lifetimeSeconds,
  }
}

/** How an exchange token differs from the one that is expected; `undefined` when it does not. Does not check times. */
export function findMismatch(
  issuer: TokenIssuer,
  token: CompactToken,
  expected: { readonly tenant: Pick<Tenant, 'id'>; readonly audience: string; readonly subject: string },
): 'issuer' | 'audience' | 'subject' | 'signature' | undefined {
  const { iss, aud, sub } = token.payload
  if (!isIssuerV2(issuer.origins, expected.tenant, iss)) return 'issuer'
  if (aud !== expected.audience) return 'audience'
  if (sub !== expected.subject) return 'subject'
  return isSignedByUs(issuer, token) ? undefined : 'signature'
}

function shorten(guid: string): string {
  return Buffer.from(guid.replaceAll('-', ''), 'hex').toString('base64url')
}
