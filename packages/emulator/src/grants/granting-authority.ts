// What a grant is decided with, beside the request: the issuer of tokens, the policies, and the codes that were used up.
import type { Policies } from '../policies/policies.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import type { UsedCodes } from './used-codes.ts'

/** Who decides about grants. */
export interface GrantingAuthority extends TokenIssuer {
  readonly policies: Policies
  readonly usedCodes: UsedCodes
}
