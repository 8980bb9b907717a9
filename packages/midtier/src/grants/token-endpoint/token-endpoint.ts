// One exchange with the token endpoint: send a grant, read a token or the error that says whose turn it is (RFC 6749 §3.2).
import type { ClientCredential, ClientCredentialFacts } from '../../client-auth/client-credential.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { createCorrelationId } from '../../kernel/correlation-id.ts'
import { type AuthorityFetch, HttpError, type HttpResponse, sendHttp } from '../../kernel/http/http.ts'
import { hasCode, isRefusal } from '../../kernel/errors/known-errors.ts'
import type { CallContext } from '../../kernel/observer.ts'
import type { Within } from '../../kernel/telemetry.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import { buildClaimsParameter } from '../claims-request.ts'
import { moveSecretToHeader } from './client-secret-basic.ts'
import { encodeForm } from './form.ts'
import type { Grant } from '../grant.ts'
import { readAnswer, unavailable } from './token-answer.ts'
import type { ClientAuthentication } from '../token-exchange-profiles.ts'
import type { TokenResponse } from './token-response.ts'
import { isPromise } from '../../kernel/errors/other-realms.ts'

/** The token endpoint as this application uses it; shared by all calls. */
export interface TokenEndpoint {
  readonly clientId: string
  readonly clientCredential: ClientCredential
  /** Where a client secret goes: into the body or into the Authorization header. */
  readonly clientAuthentication: ClientAuthentication
  /** Client capabilities to declare, such as `cp1` (continuous access evaluation). */
  readonly clientCapabilities: readonly string[]
  /** The address of the token endpoint of a tenant. */
  readonly tokenEndpoint: (tenantId: string) => string
  /** From sending to the last byte of the answer. */
  readonly timeoutMs: number
  /** Longest answer that is read. */
  readonly maxResponseBytes: number
  readonly fetch: AuthorityFetch
  readonly clock: Clock
  /** Follows each request. Default: nobody does. */
  readonly within?: Within | undefined
}

/** For whom and where one exchange is made. */
export interface TokenCall {
  readonly tenantId: string
  /** `oid.tid`, so that the authority can route to the user's region; `undefined` without a user. */
  readonly accountId: string | undefined
  /** The agent that the exchange is about; `undefined` without one. */
  readonly agentId: string | undefined
  /** A claims request as JSON text. */
  readonly claims: string | undefined
  /** Names the exchange in the logs of the authority. Default: a fresh id. */
  readonly correlationId?: string | undefined
  readonly context: CallContext
}

/**
 * Exchanges a grant for a token.
 *
 * @throws InteractionRequiredError when a person has to act, TokenRequestError when we do,
 * AuthorityUnavailableError when no usable answer came. None of them holds a token, a secret or an assertion.
 * @see RFC 6749 §3.2
 */
export async function requestToken(
  endpoint: TokenEndpoint,
  grant: Grant,
  call: TokenCall,
): Promise<TokenResponse> {
  const written = writeParameters(endpoint, grant, call)
  const parameters = isPromise(written) ? await written : written
  try {
    return await exchange(endpoint, grant, call, parameters)
  } catch (error) {
    if (!isRefusal(error) || error.facts.error !== 'invalid_client') throw error
    const facts = credentialFacts(endpoint, call)
    if ((await endpoint.clientCredential.rejected?.(parameters, facts)) !== true) throw error
    return exchange(endpoint, grant, call, await writeParameters(endpoint, grant, call))
  }
}

async function exchange(
  endpoint: TokenEndpoint,
  grant: Grant,
  call: TokenCall,
  parameters: URLSearchParams,
): Promise<TokenResponse> {
  const { within } = endpoint
  if (within !== undefined)
    return within('exchange', () => exchange({ ...endpoint, within: undefined }, grant, call, parameters))
  const { correlationId = createCorrelationId() } = call
  const passing = steady(endpoint.clock)
  const startedMs = passing.passedMs()
  let status: number | undefined
  try {
    const response = await send(endpoint, parameters, call, correlationId)
    status = response.status
    const token = readAnswer(response, {
      grant,
      parameters,
      correlationId,
      receivedAtMs: endpoint.clock.nowMs(),
    })
    observe(undefined)
    return token
  } catch (error) {
    // The error of the platform's fetch stays behind: a wrapped fetch may put the whole request, secret included, into it.
    const failure = error instanceof HttpError ? unavailable(error) : error
    observe(failure)
    throw failure
  }

  function observe(error: unknown): void {
    if (call.context.quiet === true) return
    const facts = isRefusal(error) ? error.facts : undefined
    call.context.observe({
      type: 'token_requested',
      grant: grant.name,
      agentId: call.agentId,
      tenantId: call.tenantId,
      scopes: grant.scopes,
      status,
      error: facts?.error ?? (hasCode(error, 'authority_unavailable') ? error.code : undefined),
      errorNumbers: facts?.errorNumbers ?? [],
      correlationId,
      durationMs: passing.passedMs() - startedMs,
    })
  }
}

function credentialFacts(endpoint: TokenEndpoint, { tenantId, claims }: TokenCall): ClientCredentialFacts {
  const { clientId, tokenEndpoint, clock } = endpoint
  return { clientId, tenantId, tokenEndpoint: tokenEndpoint(tenantId), claims, clock }
}

function writeParameters(
  endpoint: TokenEndpoint,
  grant: Grant,
  call: TokenCall,
): URLSearchParams | Promise<URLSearchParams> {
  const parameters = new URLSearchParams({ client_id: endpoint.clientId })
  for (const [name, value] of Object.entries(grant.parameters))
    parameters.set(name, typeof value === 'string' ? value : value.reveal())
  const claims = buildClaimsParameter(endpoint.clientCapabilities, call.claims)
  if (claims !== undefined) parameters.set('claims', claims)
  const adding = endpoint.clientCredential.addTo(parameters, credentialFacts(endpoint, call))
  return adding === undefined ? parameters : adding.then(() => parameters)
}

/** Version announced to the authority; a test keeps it equal to the package's. */
export const clientVersion = '0.1.0'

function send(
  endpoint: TokenEndpoint,
  parameters: URLSearchParams,
  call: TokenCall,
  correlationId: string,
): Promise<HttpResponse> {
  const { headers, body } =
    endpoint.clientAuthentication === 'client_secret_basic'
      ? moveSecretToHeader(parameters)
      : { headers: {}, body: parameters }
  return sendHttp(endpoint.fetch, {
    method: 'POST',
    url: endpoint.tokenEndpoint(call.tenantId),
    headers: {
      'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
      accept: 'application/json',
      'client-request-id': correlationId,
      'return-client-request-id': 'true',
      'x-client-SKU': 'midtier',
      'x-client-Ver': clientVersion,
      'x-ms-lib-capability': 'retry-after, h429',
      ...anchorMailbox(call.accountId),
      ...headers,
    },
    body: encodeForm(body),
    timeoutMs: endpoint.timeoutMs,
    maxResponseBytes: endpoint.maxResponseBytes,
  })
}

/** Entra's backup authentication service routes by this header; identifiers that are not safe in a header are left out. */
function anchorMailbox(accountId: string | undefined): Record<string, string> {
  const isSafe = accountId !== undefined && /^[\w-]+\.[\w-]+$/.test(accountId)
  return isSafe ? { 'x-anchormailbox': `Oid:${accountId.replace('.', '@')}` } : {}
}
