// What a grant is decided with, beside the request: the issuer of tokens, the policies, the codes that were used up, and those of devices.
import type { Policies } from '../policies/policies.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import type { DeviceCodes } from './device-codes.ts'
import type { UsedCodes } from './used-codes.ts'

/** What becomes of `resource` on v2.0 endpoints: compared with the scopes, or passed over as until March 2026. */
export type ResourceIndicators = 'checked' | 'ignored' | 'refused'

/** Who decides about grants. */
export interface GrantingAuthority extends TokenIssuer {
  readonly policies: Policies
  readonly usedCodes: UsedCodes
  readonly deviceCodes: DeviceCodes
  readonly resourceIndicators: ResourceIndicators
}
