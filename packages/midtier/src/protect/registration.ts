// Where an API is registered, and whose tokens it accepts there.
import type { Authority } from '../authority/authority.ts'

/** One registration of this API with one authority: whose tokens are accepted, and what they have to be issued for. */
export interface Registration {
  readonly authority: Authority
  /** Client id of this API at that authority. */
  readonly clientId: string
  /**
   * What `aud` may be beside the client id and, for v1.0 tokens, `api://{clientId}`. Compared exactly.
   * `null` accepts tokens issued for any API of any owner: a token stolen from another service works here.
   */
  readonly audiences: readonly string[] | null
  /** Tenants (GUIDs) whose tokens are accepted from a multi-tenant authority; `null` accepts every tenant there is. */
  readonly allowedTenants: readonly string[] | null
  /**
   * Accepts tokens with neither `scp` nor `roles`, for APIs that keep their own list of who may call. Default false:
   * any application in any tenant can get such a token without consent.
   */
  readonly acceptTokensWithoutPermissions?: boolean
}
