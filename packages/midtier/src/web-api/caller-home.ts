// What the callers of one API have in common: how their tokens are acquired, and how their errors leave.
import type { AcquireForClientOptions, AcquireOptions, TokenRequests } from '../acquire/request/requests.ts'
import type { AccessToken, TokenRequest } from '../acquire/token-source.ts'
import type { ComposedTokenSource } from '../acquire/create-token-source.ts'
import { defaultScopeOf } from '../call/token-kind.ts'
import type { CallerHome, KnownCaller } from './caller.ts'
import { checkExchangeable, demandAcquirer, type Acquirer } from './create-acquirer.ts'
import { isAssertionNotGenuine } from '../grants/token-endpoint/token-error.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import { steady } from '../kernel/time/steady-clock.ts'
import type { Exit } from '../answer/outgoing-errors.ts'
import type { TokenValidator } from '../protect/validate-access-token.ts'
import type { Settings } from '../settings/settings.ts'

type Begin = (...given: Parameters<CallerHome['acquire']>) => AccessToken | Promise<AccessToken>

/** Prepares what callers need; made once for each API. */
export function createCallerHome(
  settings: Settings,
  acquirer: Acquirer | undefined,
  exit: Exit,
  distrust: TokenValidator['distrust'],
): CallerHome {
  const { downstreamApis, fetch, clock, runWithCaller, registration } = settings
  const begin: Begin = (kind, { validated, context, agent }, options) => {
    checkExchangeable(settings, validated)
    const { requests, source } = demandAcquirer(acquirer)
    return give(source, requests[kind](validated, options, context, agent?.id))
  }
  const outward = (error: unknown, known: KnownCaller): unknown =>
    hasCode(error, 'interaction_required') ? home.letOut(error, known) : error
  const acquireLater: CallerHome['acquireToken'] = async (kind, known, options) => {
    try {
      return await begin(kind, known, options)
    } catch (error) {
      throw home.leave(outward(error, known), known, 'acquire_token')
    }
  }
  const home: CallerHome = {
    downstreamApis,
    fetch,
    nowMs: () => clock.nowMs(),
    passedMs: () => steady(clock).passedMs(),
    within: settings.telemetry?.within,
    runWithCaller,
    async acquire(kind, known, options) {
      try {
        return atHand(acquirer, known, options) ?? (await begin(kind, known, options))
      } catch (error) {
        throw outward(error, known)
      }
    },
    acquireToken(kind, known, options) {
      const token = atHand(acquirer, known, options)
      return token === undefined ? acquireLater(kind, known, options) : Promise.resolve(token)
    },
    async acquireForClient(known, options) {
      const { requests, source } = demandAcquirer(acquirer)
      const scopes =
        registration.authority.appScopes === 'default' ? defaultScopeOf(options.scopes) : options.scopes
      const forClient = { ...options, ...tenantOf(settings, known), scopes }
      return give(source, requestForClient(requests, known, forClient))
    },
    letOut(error, { validated, context }) {
      // What the authority finds not genuine was verified with a key that it may have withdrawn.
      if (isAssertionNotGenuine(error)) distrust(validated)
      return exit.letOut(error, validated.principal, context)
    },
    leave(error, { validated, context }, operation, api) {
      const departure = { operation, context, principal: validated.principal }
      return exit.leave(error, api === undefined ? departure : { ...departure, api })
    },
  }
  return home
}

/** As the agent, where one acts for the caller. */
function requestForClient(
  requests: TokenRequests,
  { agent, context }: KnownCaller,
  options: AcquireForClientOptions,
): TokenRequest {
  return agent === undefined
    ? requests.forClient(options, context)
    : requests.forAgent(agent, options, context)
}

/** What this process has already, for the commonest of requests: asked before anything is built. */
function atHand(
  acquirer: Acquirer | undefined,
  { validated, context, agent }: KnownCaller,
  options: AcquireOptions,
): AccessToken | undefined {
  if (acquirer === undefined || context.quiet !== true) return undefined
  try {
    const slot = acquirer.requests.slotOf(validated, options, agent?.id)
    return slot && acquirer.source.atHand.inSlot(slot)
  } catch {
    return undefined // what throws when it is looked at throws again where it is told
  }
}

/** The token of a request: what is at hand is not waited for. */
export function give(source: ComposedTokenSource, request: TokenRequest): AccessToken | Promise<AccessToken> {
  return source.atHand.ofRequest(request) ?? source.acquire(request)
}

/** An API of several tenants acts in that of its caller; only the authority that it is registered with can name one. */
function tenantOf(
  { registration: own, managedIdentity }: Settings,
  { validated: { principal, registration } }: KnownCaller,
): { readonly tenantId?: string } {
  const { tenantId } = principal
  const chosen = own.authority.multiTenant && registration === own && managedIdentity === undefined
  return chosen ? { tenantId } : {}
}
