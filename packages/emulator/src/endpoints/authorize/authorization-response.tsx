// Sends the answer of an authorization request to its redirect URI: in the query, the fragment or a posted form.
import { randomUUID } from 'node:crypto'
import { buildErrorBody, type AadstsError } from '../../kernel/aadsts-error.ts'
import type { Account } from '../../directory/directory.ts'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { authorizationCodeKind } from '../../grants/sealed-grants.ts'
import { maskParameters } from '../../kernel/masked.ts'
import { buildClientInfo } from '../../tokens/client-info.ts'
import { refuseDevice } from '../device/device-answer.tsx'
import { FormPostPage } from '../../ui/form-post-page.tsx'
import { sendPage } from '../page.tsx'
import { parseClaimsRequest } from '../../tokens/claims-request.ts'
import { issueIdToken } from '../../tokens/id-token.ts'
import { findParties, type AuthorizationRequest } from './authorization-request.ts'
import { wantsCode, wantsIdToken } from './response-type.ts'
import type { SignedIn } from './session-cookie.ts'
import type { Origins } from '../../kernel/origins.ts'

const maximumShown = 200

type Parameters = Readonly<Record<string, string | undefined>>

/** Answers with what was asked for: an authorization code, an id_token, or both. */
export function sendSignIn(
  c: EmulatorContext,
  emulation: Emulation,
  request: AuthorizationRequest,
  { account, session }: { readonly account: Account; readonly session: SignedIn },
): Response | Promise<Response> {
  const { user, tenant } = account
  const codeId = wantsCode(request) ? randomUUID() : undefined
  c.get('exchange').note({ user: user.username, tenant: tenant.id, codeId })
  const code =
    codeId === undefined ? undefined : `1.${sealCode(emulation, request, account, { session, codeId })}`
  return sendParameters(c, request, {
    code,
    id_token: wantsIdToken(request)
      ? issueFrontIdToken(emulation, request, account, session, code)
      : undefined,
    client_info: request.wantsClientInfo ? buildClientInfo(account) : undefined,
    state: request.state,
    session_state: session.sid,
  })
}

/** Answers a request that wanted consent alone (`response_type=none`). */
export function sendNothing(
  c: EmulatorContext,
  request: AuthorizationRequest,
  { account, session }: { readonly account: Account; readonly session: SignedIn },
): Response | Promise<Response> {
  c.get('exchange').note({ user: account.user.username, tenant: account.tenant.id })
  return sendParameters(c, request, { state: request.state, session_state: session.sid })
}

/** Answers that an administrator consented. */
export function sendAdminConsent(
  c: EmulatorContext,
  request: AuthorizationRequest,
  { user, tenant }: Account,
): Response | Promise<Response> {
  c.get('exchange').note({ user: user.username, tenant: tenant.id })
  return sendParameters(c, request, {
    admin_consent: 'True',
    tenant: tenant.id,
    scope: request.version === 2 ? request.scope : undefined,
    state: request.state,
  })
}

/** Answers with an error. */
export function sendRedirectError(
  c: EmulatorContext,
  emulation: Emulation,
  request: AuthorizationRequest,
  error: AadstsError,
): Response | Promise<Response> {
  if (request.deviceCode !== undefined) return refuseDevice(c, emulation, request.deviceCode, error)
  c.get('exchange').note({ error: [error.code] })
  return sendParameters(c, request, errorParameters(c, emulation.origins, request, error))
}

/** The address that brings the user back without a sign-in; `undefined` where only a form could. */
export function cancelUrl(request: AuthorizationRequest): string | undefined {
  const { responseMode, redirectUri, state, deviceCode } = request
  if (responseMode === 'form_post' || deviceCode !== undefined) return undefined
  // No AADSTS number: 65004 is a permission that was declined, and whoever turns back has not been asked for one.
  const description = 'the user canceled the authentication'
  const parameters = {
    error: 'access_denied',
    error_subcode: 'cancel',
    error_description: description,
    state,
  }
  return addParameters(redirectUri, responseMode, parameters)
}

// Bound to the request by its nonce, and to the code beside it by c_hash (OpenID Connect Core §3.3.2.11).
function issueFrontIdToken(
  emulation: Emulation,
  request: AuthorizationRequest,
  account: Account,
  session: SignedIn,
  code: string | undefined,
): string {
  const { client, scopes } = findParties(emulation.directory, request)
  return issueIdToken(emulation, {
    client,
    user: { account, session },
    version: request.version,
    nonce: request.nonce,
    openid: scopes.openid,
    requestedClaims: parseClaimsRequest(request.claims).idTokenClaims,
    code,
  })
}

function sealCode(
  { sealer, clock }: Pick<Emulation, 'sealer' | 'clock'>,
  request: AuthorizationRequest,
  { user, tenant }: Account,
  { session, codeId }: { readonly session: SignedIn; readonly codeId: string },
): string {
  const { clientId, scope, platform, redirectUri, nonce, codeChallenge, codeChallengeMethod, claims } =
    request
  const { sid, authTime, amr, authContexts = [] } = session
  return sealer.seal(authorizationCodeKind, {
    id: codeId,
    clientId,
    tenantId: tenant.id,
    userId: user.id,
    scope,
    platform,
    redirectUri,
    nonce,
    codeChallenge,
    codeChallengeMethod,
    claims,
    session: { sid, authTime, amr, authContexts },
    issuedAt: clock.now(),
  })
}

function errorParameters(
  c: EmulatorContext,
  origins: Origins,
  { state, isAdminConsent }: AuthorizationRequest,
  error: AadstsError,
): Parameters {
  const body = buildErrorBody(error, c.get('exchange'), origins.issuer)
  const { error_description: description, error_uri: uri, suberror, claims } = body
  return {
    error: error.error,
    error_description: asText(description),
    error_uri: asText(uri),
    suberror: asText(suberror),
    claims: asText(claims),
    admin_consent: isAdminConsent === true ? 'True' : undefined,
    state,
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function sendParameters(
  c: EmulatorContext,
  { responseMode, redirectUri }: AuthorizationRequest,
  parameters: Parameters,
): Response | Promise<Response> {
  c.get('exchange').note({
    response: maskParameters(defined(parameters)),
    shown: `${responseMode} of ${redirectUri.slice(0, maximumShown)}`,
  })
  c.header('cache-control', 'no-store')
  // The address of this page holds nothing that the next one should learn.
  c.header('referrer-policy', 'no-referrer')
  if (responseMode !== 'form_post')
    return c.redirect(addParameters(redirectUri, responseMode, parameters), 302)
  const fields = Object.fromEntries(defined(parameters))
  return sendPage(c, <FormPostPage action={redirectUri} fields={fields} />, { redirectUri })
}

function addParameters(redirectUri: string, mode: 'query' | 'fragment', parameters: Parameters): string {
  const url = new URL(redirectUri)
  const encoded = new URLSearchParams(defined(parameters))
  if (mode === 'fragment') url.hash = encoded.toString()
  else for (const [name, value] of encoded) url.searchParams.append(name, value)
  return url.href
}

function defined(parameters: Parameters): [string, string][] {
  return Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
}
