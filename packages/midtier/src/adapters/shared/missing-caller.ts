// A handler that reads the caller on a route without `protect`: told as that, and not as a TypeError about `undefined`.
import { ConfigurationError } from '../../kernel/errors/errors.ts'

/** How a framework names what is missing. */
export interface CallerPlace {
  /** Where its handlers find the caller: `req.caller`. */
  readonly name: string
  /** How the route has to be written. */
  readonly remedy: string
}

const callerMembers =
  'principal account downstream fetch relayed acquireToken acquireTokenSilent acquireTokenOnBehalfOf'.split(
    ' ',
  )

/** The mistake; the route as it is written, since a path may tell about a person. */
export function missingProtect(
  place: CallerPlace,
  method: string,
  route: string | undefined,
  cause?: unknown,
): ConfigurationError {
  const where = route === undefined ? `a ${method} request` : `${method} ${route}`
  return new ConfigurationError(
    place.name,
    `is read on ${where} without protect in front: ${place.remedy}`,
    ...(cause === undefined ? [] : [{ cause }]),
  )
}

/** Whether an error is the engine's about a member of a caller that is not there. */
export function readsMissingCaller(error: unknown): boolean {
  if (!(error instanceof TypeError)) return false
  const [, read, destructured] =
    /^Cannot (?:read properties of undefined \(reading '(\w+)'\)|destructure property '(\w+)' of )/.exec(
      error.message,
    ) ?? []
  return callerMembers.includes(String(read ?? destructured))
}
