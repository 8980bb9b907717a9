// Reads an authorization request: first what decides whether it may be redirected at all, then everything else.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Look, Seen } from '../../kernel/decision.ts'
import { findClient } from '../../client-auth/authenticate-client.ts'
import type { Application, Platform, Tenant } from '../../directory/model.ts'
import { findPlatform } from '../../directory/redirect-uris.ts'
import { parseScopes, type RequestedScopes } from '../../directory/scopes.ts'
import type { GrantingAuthority } from '../../grants/granting-authority.ts'
import { checkResourceIndicator } from '../../grants/resource-indicator.ts'
import { readScope } from '../../grants/token-request.ts'
import { parseClaimsRequest } from '../../tokens/claims-request.ts'
import { resolveTenant } from '../tenant-segment.ts'
import { checkResponseType, readResponseMode, wantsCode, type ResponseMode } from './response-type.ts'
import type { Directory } from '../../directory/directory.ts'

/** An authorization request whose client and redirect URI are known. */
export interface AuthorizationRequest {
  /** The tenant segment of the path. */
  readonly segment: string
  readonly version: 1 | 2
  readonly clientId: string
  readonly redirectUri: string
  readonly platform: Platform
  readonly responseMode: ResponseMode
  readonly responseType: string
  readonly scope: string
  /** Which API the client means (RFC 8707); compared with the scopes at the beginning. */
  readonly resource?: string | undefined
  readonly prompts: readonly string[]
  readonly wantsClientInfo: boolean
  /** Whether an administrator is asked for the whole tenant, and no code is wanted; default false. */
  readonly isAdminConsent?: boolean
  /** The device that the user signs in for: then nothing is redirected, and the answer waits for it. */
  readonly deviceCode?: string | undefined
  readonly state?: string | undefined
  readonly nonce?: string | undefined
  readonly loginHint?: string | undefined
  readonly domainHint?: string | undefined
  readonly codeChallenge?: string | undefined
  readonly codeChallengeMethod?: string | undefined
  readonly claims?: string | undefined
}

/** The parts of the directory that a request names. */
export interface RequestParties {
  readonly client: Application
  /** `undefined` for common and organizations. */
  readonly tenant: Tenant | undefined
  readonly scopes: RequestedScopes
}

/**
 * Parses a request as far as its redirect URI.
 * @throws {AadstsError} an error that has to be shown as a page: there is nowhere safe to redirect to
 */
export function parseAuthorizationRequest(
  directory: Directory,
  parameters: URLSearchParams,
  { segment, version, look }: Pick<AuthorizationRequest, 'segment' | 'version'> & { readonly look: Look },
): AuthorizationRequest {
  look('form')
  const form = readParameters(parameters)
  look('tenant', { actual: segment })
  const tenant = resolveTenant(directory, segment)
  look('client', { actual: form.get('client_id') })
  const client = findSignInClient(directory, form.get('client_id'), tenant)
  if (tenant === undefined && client.signInAudience !== 'AzureADMultipleOrgs') {
    throw new AadstsError(50194, { app: client.id, name: client.displayName })
  }
  look('client', { actual: client.displayName })
  const presented = form.get('redirect_uri')
  look('redirect_uri', { expected: describeRedirectUris(client), actual: presented })
  const redirectUri = presented ?? onlyRedirectUri(client)
  const platform = findPlatform(client, redirectUri)
  if (platform === undefined) throw new AadstsError(50011, { redirectUri, app: client.id })
  const responseType = form.get('response_type') ?? ''
  return {
    segment,
    version,
    clientId: client.id,
    redirectUri,
    platform,
    responseMode: readResponseMode(form.get('response_mode'), responseType, redirectUri),
    responseType,
    scope: readScope({ form, version }),
    resource: form.get('resource'),
    prompts: (form.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== ''),
    wantsClientInfo: form.get('client_info') === '1',
    state: form.get('state'),
    nonce: form.get('nonce'),
    loginHint: form.get('login_hint'),
    domainHint: form.get('domain_hint'),
    codeChallenge: form.get('code_challenge'),
    codeChallengeMethod: form.get('code_challenge_method'),
    claims: form.get('claims'),
  }
}

/**
 * Finds the client that a user signs in to. An agent is none: what it may do is granted to its blueprint.
 * @throws {AadstsError} 82014, and what `findClient` refuses
 */
export function findSignInClient(
  directory: Directory,
  id: string | undefined,
  tenant: Tenant | undefined,
): Application {
  const client = findClient(directory, id, tenant)
  const agent = directory.findAgent(client.id)
  if (agent === undefined) return client
  throw new AadstsError(82014, { app: agent.id, name: agent.displayName, blueprint: agent.blueprintId })
}

/**
 * Checks the rest of a request.
 * @throws {AadstsError} an error for the redirect URI
 */
export function checkAuthorizationRequest(
  authority: Pick<GrantingAuthority, 'directory' | 'resourceIndicators'>,
  request: AuthorizationRequest,
  look: Look,
): void {
  look('response_type', { actual: request.responseType })
  checkResponseType(request, authority.directory.findApplication(request.clientId))
  look('code_challenge', describePkce(request))
  checkPkce(request)
  look('resource', { expected: 'known scopes', actual: request.scope })
  if (request.scope === '') throw new AadstsError(900144, { parameter: 'scope' })
  if (request.prompts.includes('none') && request.prompts.length > 1) throw new AadstsError(9002313)
  parseClaimsRequest(request.claims)
  const { scopes } = findParties(authority.directory, request)
  checkResourceIndicator(authority, request, scopes.resources)
}

/** Looks the parts of a checked request up again. @throws {AadstsError} for an unknown scope or API */
export function findParties(directory: Directory, request: AuthorizationRequest): RequestParties {
  const tenant = resolveTenant(directory, request.segment)
  const client = findClient(directory, request.clientId, tenant)
  // A multi-tenant API comes into the tenant together with the consent, so its presence is not asked for here.
  const scopes = parseScopes(request.scope, directory, { client })
  return { client, tenant, scopes }
}

/** Reads the parameters: unknown ones are ignored, one that is there twice has no meaning (RFC 6749 §3.1). */
export function readParameters(parameters: URLSearchParams): Map<string, string> {
  const form = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (form.has(name)) throw new AadstsError(9000411, { parameter: name })
    form.set(name, value)
  }
  return form
}

/** The redirect URI of an application that registered just one. @throws {AadstsError} 900971 */
export function onlyRedirectUri({ redirectUris }: Application): string {
  const [only, ...others] = Object.values(redirectUris ?? {}).flat()
  if (only === undefined || others.length > 0) throw new AadstsError(900971)
  return only
}

function describePkce({
  platform,
  codeChallenge,
  codeChallengeMethod = 'plain',
}: AuthorizationRequest): Seen {
  return {
    expected: platform === 'spa' ? 'a challenge with S256' : 'a challenge, or none',
    actual: codeChallenge === undefined ? 'none' : codeChallengeMethod,
  }
}

function describeRedirectUris({ redirectUris }: Application): string {
  const uris = Object.values(redirectUris ?? {}).flat()
  return uris.length === 0 ? 'no redirect URI is registered' : uris.slice(0, 4).join(' or ')
}

function checkPkce(request: AuthorizationRequest): void {
  const { platform, codeChallenge, codeChallengeMethod = 'plain' } = request
  if (codeChallenge === undefined) {
    if (platform === 'spa' && wantsCode(request)) throw new AadstsError(9002325)
    return
  }
  const isKnown = codeChallengeMethod === 'S256' || (codeChallengeMethod === 'plain' && platform !== 'spa')
  const isWellFormed = /^[A-Za-z0-9._~-]{43,128}$/.test(codeChallenge)
  if (!isKnown || !isWellFormed) throw new AadstsError(501491)
}
