// The state of a web API as it is at this moment, from what its parts know already: nobody is asked.
import type { PausedTokenEndpoint } from '../acquire/sources/gates.ts'
import { endsSoon } from '../client-auth/ends-soon.ts'
import type { SharedStore, SharedStoreHealth } from '../acquire/shared/shared-store.ts'
import type { TokenValidator, ValidatorHealth } from '../protect/validate-access-token.ts'
import type { Settings } from '../settings/settings.ts'
import type { Acquirer } from './create-acquirer.ts'

/** State of a web API. `ready` is about its token gate alone: whatever else fails, tokens at hand go on being served. */
export interface WebApiHealth extends ValidatorHealth {
  /** `undefined` for an API without one. */
  readonly sharedStore: SharedStoreHealth | undefined
  /** Token endpoints that are left alone, since they kept failing or asked for a pause; as a rule none. */
  readonly pausedTokenEndpoints: readonly PausedTokenEndpoint[]
  /** `undefined` for an API that acquires no tokens, or by a managed identity. */
  readonly clientCredential: ClientCredentialHealth | undefined
}

/** What is known of the credential with which this API proves itself. */
export interface ClientCredentialHealth {
  /** Such as `secret` or `certificate`. */
  readonly kind: string
  /** When it ends, in milliseconds since the epoch; `undefined` where that is not known: of secrets, and of files that were not read yet. */
  readonly expiresAtMs: number | undefined
  /** Whether that is within 30 days, or past. */
  readonly endsSoon: boolean
}

/** Prepares the question. */
export function createHealth(
  { clientCredential, clock }: Settings,
  validator: TokenValidator,
  shared: SharedStore | undefined,
  acquirer: Acquirer | undefined,
): () => WebApiHealth {
  const ofCredential = (): ClientCredentialHealth | undefined => {
    if (clientCredential === undefined) return undefined
    const expiresAtMs = clientCredential.expiresAtMs?.()
    const isEnding = expiresAtMs !== undefined && endsSoon(expiresAtMs, clock.nowMs())
    return { kind: clientCredential.kind, expiresAtMs, endsSoon: isEnding }
  }
  return () => ({
    ...validator.health(),
    sharedStore: shared?.health(),
    pausedTokenEndpoints: acquirer?.source.pausedTokenEndpoints() ?? [],
    clientCredential: ofCredential(),
  })
}
