// Reads the `claims` parameter: MSAL sends it with nearly every request, so its mere presence means nothing.
import { isObject, parseObject } from '../kernel/base64url.ts'
import { AadstsError } from '../kernel/aadsts-error.ts'

/** A claims request (OpenID Connect Core §5.5), as far as the emulator understands it. */
export interface ClaimsRequest {
  /** Values of `access_token.xms_cc`. */
  readonly capabilities: readonly string[]
  /** Names under `id_token`. */
  readonly idTokenClaims: readonly string[]
  /** Ids of policies that an earlier error named: `access_token.capolids`, formerly `polids`. */
  readonly policyIds: readonly string[]
  /** Authentication contexts, `access_token.acrs`: `c1` to `c99`. */
  readonly authContexts: readonly string[]
  /** `access_token.nbf`: the earliest sign-in that counts, in seconds since the epoch. */
  readonly notBefore: number | undefined
}

const maximumValues = 10
const none: ClaimsRequest = {
  capabilities: [],
  idTokenClaims: [],
  policyIds: [],
  authContexts: [],
  notBefore: undefined,
}

/** @throws {AadstsError} 9002313 when the parameter is not a JSON object */
export function parseClaimsRequest(claims: string | undefined): ClaimsRequest {
  if (claims === undefined || claims === '') return none
  const parsed = parseObject(claims)
  if (parsed === undefined) throw new AadstsError(9002313)
  const accessToken = isObject(parsed['access_token']) ? parsed['access_token'] : {}
  const idToken = isObject(parsed['id_token']) ? parsed['id_token'] : {}
  return {
    capabilities: readValues(accessToken['xms_cc']),
    idTokenClaims: Object.keys(idToken),
    policyIds: [...readValues(accessToken['capolids']), ...readValues(accessToken['polids'])],
    authContexts: readValues(accessToken['acrs']).filter((value) => /^c[1-9]\d?$/.test(value)),
    notBefore: readTime(accessToken['nbf']),
  }
}

/** Both requests together: what was asked for at the authorize endpoint, and what is asked for now. */
export function mergeClaimsRequests(one: ClaimsRequest, other: ClaimsRequest): ClaimsRequest {
  return {
    capabilities: union(one.capabilities, other.capabilities),
    idTokenClaims: union(one.idTokenClaims, other.idTokenClaims),
    policyIds: union(one.policyIds, other.policyIds),
    authContexts: union(one.authContexts, other.authContexts),
    notBefore: other.notBefore ?? one.notBefore,
  }
}

// One value or several: `{ "value": "c1" }` or `{ "values": ["c1"] }`.
function readValues(request: unknown): readonly string[] {
  if (!isObject(request)) return []
  const { value, values } = request
  const listed: readonly unknown[] = Array.isArray(values) ? values : [value]
  return listed.filter((each) => typeof each === 'string').slice(0, maximumValues)
}

// Entra writes the time as text.
function readTime(request: unknown): number | undefined {
  const [text] = readValues(request)
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined
}

function union(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])]
}
