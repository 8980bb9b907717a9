// From an incoming request to its caller: the Authorization field, then the token gate.
import type { Exit } from '../answer/outgoing-errors.ts'
import { type AuthorizationHeader, parseAuthorizationHeader } from '../bearer/authorization-header.ts'
import { BearerError } from '../kernel/errors/errors.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { CallContext } from '../kernel/observer.ts'
import { findRefused } from '../protect/challenged-token.ts'
import { quote } from '../protect/checks/check.ts'
import type { AdmittedToken, TokenValidator } from '../protect/validate-access-token.ts'
import type { Settings } from '../settings/settings.ts'
import { Caller, type CallerHome } from './caller.ts'
import { type IncomingRequest, singleHeader } from './incoming-request.ts'
import { RequestContext } from './request-context.ts'
import type { Requirements } from './requirements.ts'
import { watcherOf } from './watch.ts'

/** The ways to ask who sent a request. */
export interface Authentication {
  /** At once when everything that it takes is at hand, else by a promise. Throws nothing: its promise rejects. */
  readonly admit: (request: IncomingRequest, requirements?: Requirements) => Caller | Promise<Caller>
  /** The same, by a promise in any case. */
  readonly authenticate: (request: IncomingRequest, requirements?: Requirements) => Promise<Caller>
  /** Of a request that was let in: whether its caller meets what one more place demands. Throws nothing: its promise rejects. */
  readonly measure: (caller: Caller, request: IncomingRequest, requirements: Requirements) => Promise<Caller>
}

/**
 * Prepares what turns a request into its caller.
 *
 * What it gives rejects with BearerError when there is no token, or when it is refused; with AuthorityUnavailableError when its key
 * cannot be had.
 */
export function createAuthentication(
  validator: TokenValidator<Caller>,
  home: CallerHome,
  exit: Exit,
  settings: Settings,
): Authentication {
  const watcher = watcherOf(settings)
  const { refusals } = settings
  let hasAccepted = false // any token, since the start
  const limits = { maxLength: 'Bearer '.length + settings.validator.maxTokenLength }

  const later = async (
    admitting: () => Promise<AdmittedToken<Caller>>,
    context: CallContext,
  ): Promise<Caller> => {
    try {
      const validated = await admitting()
      hasAccepted = true
      return validated.caller ?? new Caller(home, { validated, context })
    } catch (error) {
      if (!hasCode(error, 'bearer_refused')) throw exit.leave(error, { operation: 'authenticate', context })
      if (!hasAccepted) settings.log.refusedBeforeAny(error.reason)
      const { clientId } = findRefused(error) ?? {}
      const callerClientId = clientId === undefined ? undefined : quote(clientId) // another issuer's may be any text
      throw report(exit.refuse(error, context), callerClientId, context, refusals)
    }
  }
  const admitNow: Authentication['admit'] = (request, requirements) => {
    const context = new RequestContext(request, watcher)
    try {
      const header = parseAuthorizationHeader(request.header('authorization'), limits)
      if (header.kind !== 'token') throw refuseHeader(header, request)
      const admitted = validator.validate(header.token, requirements, context)
      if (!('principal' in admitted)) return later(() => admitted, context)
      hasAccepted = true
      return new Caller(home, { validated: admitted, context })
    } catch (error) {
      return later(() => {
        throw error
      }, context)
    }
  }
  const { telemetry } = settings
  const admit: Authentication['admit'] =
    telemetry === undefined ? admitNow : (...asked) => telemetry.within('validate', () => admitNow(...asked))
  // The token is the same: it is not validated, nor told to the observer, once more. An own check may wait, and much may end meanwhile.
  const measure: Authentication['measure'] = async (caller, request, requirements) => {
    if (requirements.check !== undefined) return admit(request, requirements)
    try {
      validator.measure(caller.principal, requirements)
      return caller
    } catch (error) {
      return later(
        () => {
          throw error
        },
        new RequestContext(request, watcher),
      )
    }
  }
  return { admit, authenticate: (...asked) => Promise.resolve(admit(...asked)), measure }
}

function report(
  refused: BearerError,
  callerClientId: string | undefined,
  context: CallContext,
  refusals: Settings['refusals'],
): BearerError {
  const { code, status, error, reason } = refused
  context.observe({ type: 'token_refused', status, error, reason })
  refusals?.refused({ code, status, error, reason, callerClientId, traceId: context.traceId })
  return refused
}

function refuseHeader(
  header: Exclude<AuthorizationHeader, { kind: 'token' }>,
  request: IncomingRequest,
): BearerError {
  if (header.kind === 'absent') return refuseAbsent(request)
  const { reason, description } = header
  return new BearerError({ status: 400, error: 'invalid_request', reason, description })
}

/** A browser that asks whether it may send a request sends no token with the question (Fetch Standard, CORS-preflight fetch). */
function refuseAbsent(request: IncomingRequest): BearerError {
  const isPreflight =
    request.method === 'OPTIONS' && singleHeader(request, 'access-control-request-method') !== undefined
  if (isPreflight)
    return new BearerError({
      status: 401,
      reason: 'preflight',
      description:
        'A CORS preflight carries no token: the API has to answer it in front of what asks for one, such as app.use(cors()) before app.use(protect(api))',
    })
  return new BearerError({
    status: 401,
    reason: 'token_missing',
    description: 'Send an access token for this API',
  })
}
