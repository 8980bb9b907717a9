// The innermost source: nothing is cached, so the authority is asked.
import { shownAssertion } from '../../client-auth/assertion/shown-assertion.ts'
import type { Grant } from '../../grants/grant.ts'
import { grants } from '../../grants/grants.ts'
import { requestToken, type TokenEndpoint } from '../../grants/token-endpoint/token-endpoint.ts'
import type { TokenExchangeProfile } from '../../grants/token-exchange-profiles.ts'
import type { TokenResponse } from '../../grants/token-endpoint/token-response.ts'
import type { Random } from '../../kernel/crypto/random.ts'
import { renewalDelayMs } from '../../kernel/time/lifetime.ts'
import {
  AccessToken,
  acquisitionReason,
  type AgentExchange,
  type TokenRequest,
  type TokenSource,
} from '../token-source.ts'

/** How answers of the authority become tokens. */
export interface FromAuthorityOptions {
  /** How the authority exchanges tokens when it is not Entra; `undefined` for Entra. */
  readonly tokenExchange: TokenExchangeProfile | undefined
  readonly random: Random
}

/** The token endpoint, whose address may have to be looked up first. */
export interface AuthorityEndpoint extends Omit<TokenEndpoint, 'tokenEndpoint'> {
  readonly tokenEndpoint: (tenantId: string) => string | Promise<string>
}

/** A source that exchanges every request at the token endpoint. */
export function fromAuthority(endpoint: AuthorityEndpoint, options: FromAuthorityOptions): TokenSource {
  return {
    async acquire(request) {
      const { tenantId, accountId, claims, correlationId, context } = request
      const found = endpoint.tokenEndpoint(tenantId)
      const address = typeof found === 'string' ? found : await found
      const timeoutMs = Math.min(endpoint.timeoutMs, request.timeoutMs ?? endpoint.timeoutMs)
      const sentAtMs = endpoint.clock.nowMs() // the lifetime counts from before the request: never too long
      const response = await requestToken(
        {
          ...endpoint,
          ...(request.agent?.shown && clientOf(request.agent.id, request.agent.shown)),
          tokenEndpoint: () => address,
          timeoutMs,
        },
        buildGrant(request, options.tokenExchange),
        { tenantId, accountId, agentId: request.agent?.id, claims, correlationId, context },
      )
      if (response.refreshToken !== undefined) request.session?.receive?.(response.refreshToken)
      return toAccessToken(response, request, sentAtMs, options.random)
    },
  }
}

/** An agent asks as itself, and shows what the application got for it; anything else the application asks for. */
function clientOf(
  clientId: string,
  { agent }: NonNullable<AgentExchange['shown']>,
): Pick<AuthorityEndpoint, 'clientId' | 'clientCredential'> {
  return { clientId, clientCredential: shownAssertion(agent) }
}

function buildGrant(request: TokenRequest, profile: TokenExchangeProfile | undefined): Grant {
  const { grant, scopes, audience, assertion, session, agent } = request
  const built = grants[grant]({
    scopes,
    audience,
    assertion: assertion?.token,
    refreshToken: session?.refreshToken,
    wantsRefreshToken: session !== undefined,
    profile,
    agentId: agent?.proof === undefined ? agent?.id : undefined,
    agentUser: agent?.user && agent.shown?.user && { user: agent.user, userAssertion: agent.shown.user },
  })
  if (built !== undefined) return built
  throw new TypeError(`A ${grant} request without what it exchanges`) // a bug of ours: requests.ts builds none
}

function toAccessToken(
  response: TokenResponse,
  request: TokenRequest,
  sentAtMs: number,
  random: Random,
): AccessToken {
  const { accessToken, tokenType, scopes, correlationId, expiresInSeconds } = response
  const lifetimeMs = expiresInSeconds * 1000
  const renewalSaidMs = response.refreshInSeconds && response.refreshInSeconds * 1000
  return new AccessToken({
    accessToken: accessToken.reveal(),
    tokenType,
    scopes: share(scopes),
    acquiredAtMs: sentAtMs,
    expiresAtMs: sentAtMs + lifetimeMs,
    refreshAtMs: sentAtMs + renewalDelayMs(lifetimeMs, renewalSaidMs, random),
    correlationId,
    origin: 'authority',
    reason: acquisitionReason(request),
  })
}

/** The lists of scopes granted so far: one for all users, not one for each. Bounded, and emptied when it is full. */
const granted = new Map<string, readonly string[]>()
const maxGranted = 256

function share(scopes: readonly string[]): readonly string[] {
  const text = scopes.join(' ') // no scope holds a space (RFC 6749 §3.3)
  const known = granted.get(text)
  if (known !== undefined) return known
  if (granted.size >= maxGranted) granted.clear()
  granted.set(text, scopes)
  return Object.freeze(scopes)
}
