// From an incoming request to its validated token: the Authorization field, then the token gate.
import { parseAuthorizationHeader, type AuthorizationHeaderOptions } from '../bearer/authorization-header.ts'
import { BearerError } from '../kernel/errors/errors.ts'
import type { CallContext } from '../kernel/observer.ts'
import type { Caller } from './caller.ts'
import type { Requirements } from './requirements.ts'
import type { AdmittedToken, TokenValidator } from '../protect/validate-access-token.ts'

/** What `authenticate` looks at: a few fields of the request, as the framework has them. */
export interface IncomingRequest {
  /** The value of a header, or all of them when the request carries it more than once; the name is in lower case. */
  readonly header: (name: string) => string | readonly string[] | undefined | null
  readonly method: string
  readonly url: string
}

/** A header that is there exactly once. */
export function singleHeader(request: IncomingRequest, name: string): string | undefined {
  const value = request.header(name)
  return typeof value === 'string' ? value : undefined
}

/** What requests are authenticated with. */
export interface RequestGate {
  readonly validator: TokenValidator<Caller>
  readonly limits: AuthorizationHeaderOptions
}

/**
 * Validates the token of a request: at once when everything that it takes is at hand, else by a promise.
 *
 * @throws BearerError when there is none, or when it is refused; AuthorityUnavailableError when its key cannot be had; throws or rejects.
 */
export function authenticateRequest(
  { validator, limits }: RequestGate,
  request: IncomingRequest,
  requirements: Requirements | undefined,
  context: CallContext,
): AdmittedToken<Caller> | Promise<AdmittedToken<Caller>> {
  const header = parseAuthorizationHeader(request.header('authorization'), limits)
  switch (header.kind) {
    case 'token':
      return validator.validate(header.token, requirements, context)
    case 'absent':
      throw refuseAbsent(request)
    case 'malformed':
      throw new BearerError({
        status: 400,
        error: 'invalid_request',
        reason: header.reason,
        description: header.description,
      })
  }
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
