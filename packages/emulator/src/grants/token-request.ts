// A token request after its client was authenticated, and what a grant makes of it.
import type { AuthenticatedClient } from '../client-auth/authenticated-client.ts'
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Tenant } from '../directory/model.ts'
import type { GrantingAuthority } from './granting-authority.ts'
import type { Look } from '../kernel/decision.ts'
import type { RequestRecord } from '../kernel/request-log.ts'
import type { ClaimsRequest } from '../tokens/claims-request.ts'

/** The input of every grant. */
export interface TokenRequest {
  readonly authority: GrantingAuthority
  readonly form: ReadonlyMap<string, string>
  /** The tenant of the path; `undefined` for common and organizations. */
  readonly tenant: Tenant | undefined
  /** The tenant segment of the path. */
  readonly segment: string
  /** Which of the two token endpoints was called. */
  readonly version: 1 | 2
  readonly client: AuthenticatedClient
  /** The `Origin` header, when a browser sent the request. */
  readonly origin: string | undefined
  readonly claims: ClaimsRequest
  /** Adds what the grant learns to the request log. */
  readonly note: (facts: Partial<RequestRecord>) => void
  /** Begins a check, and notes what it looks at. */
  readonly look: Look
}

/** The members of a token response. */
export type TokenResponse = Readonly<Record<string, string | number>>

/** Serves one grant type. */
export type Grant = (request: TokenRequest) => TokenResponse | Promise<TokenResponse>

/** A parameter of the body that has to be there. @throws {AadstsError} 900144 */
export function requireParameter({ form }: Pick<TokenRequest, 'form'>, name: string): string {
  const value = form.get(name)
  if (value === undefined || value === '') throw new AadstsError(900144, { parameter: name })
  return value
}

/** The scope of a request; the v1 endpoint names an API by `resource` instead. */
export function readScope({ form, version }: Pick<TokenRequest, 'form' | 'version'>): string {
  if (version === 2) return form.get('scope') ?? ''
  const resource = form.get('resource')
  const openid = form.get('scope') ?? 'openid'
  return resource === undefined || resource === '' ? openid : `${openid} ${resource}/.default`
}
