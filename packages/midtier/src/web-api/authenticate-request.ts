// From an incoming request to its caller: the Authorization field, then the token gate.
import type { Exit } from '../answer/outgoing-errors.ts'
import { type AuthorizationHeader, parseAuthorizationHeader } from '../bearer/authorization-header.ts'
import { BearerError } from '../kernel/errors/errors.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { CallContext } from '../kernel/observer.ts'
import type { AdmittedToken, TokenValidator } from '../protect/validate-access-token.ts'
import type { Settings } from '../settings/settings.ts'
import { Caller, type CallerHome } from './caller.ts'
import { type IncomingRequest, singleHeader } from './incoming-request.ts'
import { RequestContext } from './request-context.ts'
import type { Requirements } from './requirements.ts'
import { watcherOf } from './watch.ts'

type Authenticate = (request: IncomingRequest, requirements?: Requirements) => Promise<Caller>

/**
 * Prepares what turns a request into its caller. Whoever was admitted at once is not waited for: a promise, and no more than that.
 *
 * What it gives rejects with BearerError when there is no token, or when it is refused; with AuthorityUnavailableError when its key
 * cannot be had.
 */
export function createAuthenticate(
  validator: TokenValidator<Caller>,
  home: CallerHome,
  exit: Exit,
  settings: Settings,
): Authenticate {
  const watcher = watcherOf(settings)
  const limits = { maxLength: 'Bearer '.length + settings.validator.maxTokenLength }
  const callerOf = (validated: AdmittedToken<Caller>, context: CallContext): Caller =>
    validated.caller ?? new Caller(home, { validated, context })

  const later = async (
    admitting: () => Promise<AdmittedToken<Caller>>,
    context: CallContext,
  ): Promise<Caller> => {
    try {
      return callerOf(await admitting(), context)
    } catch (error) {
      if (!hasCode(error, 'bearer_refused')) throw exit.leave(error, { operation: 'authenticate', context })
      throw report(exit.refuse(error, context), context)
    }
  }
  return (request, requirements) => {
    const context = new RequestContext(request, watcher)
    try {
      const header = parseAuthorizationHeader(request.header('authorization'), limits)
      if (header.kind !== 'token') throw refuseHeader(header, request)
      const admitted = validator.validate(header.token, requirements, context)
      if ('principal' in admitted) return Promise.resolve(callerOf(admitted, context))
      return later(() => admitted, context)
    } catch (error) {
      return later(() => {
        throw error
      }, context)
    }
  }
}

function report(error: BearerError, context: CallContext): BearerError {
  context.observe({ type: 'token_refused', status: error.status, error: error.error, reason: error.reason })
  return error
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
