// What every answer to an error is made of, and what a challenge says about this API itself.
import type { BearerChallenge } from '../bearer/challenge.ts'
import type { ResourceFacts } from '../kernel/errors/errors.ts'

/** An answer before it is written. */
export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail: string
  /** The value of `WWW-Authenticate`. */
  readonly challenge?: string
  readonly retryAfterSeconds?: number | undefined
  /** Further members of the body (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>
}

type SignInFacts = Pick<BearerChallenge, 'authorizationUri' | 'clientId' | 'resourceMetadata'>

/** Where the caller signs in, and for what. */
export function whereToSignIn(resource: ResourceFacts | undefined): SignInFacts {
  return {
    authorizationUri: resource?.authorizationUri,
    clientId: resource?.clientId,
    ...whereToLearnMore(resource),
  }
}

/** Every refusal leads a client that knows nothing but our URL to the metadata (RFC 9728 §5.1). */
export function whereToLearnMore(resource: ResourceFacts | undefined): SignInFacts {
  return { resourceMetadata: resource?.resourceMetadata }
}

/** A token says `access_as_user`; the authority, asked for just that, would take it for a scope of Microsoft Graph. */
export function asRequested(
  scopes: readonly string[],
  resource: ResourceFacts | undefined,
): readonly string[] {
  const known = resource?.requestableScopes ?? []
  return scopes.map((scope) => known.find((full) => full.endsWith(`/${scope}`)) ?? scope)
}
