// Optional claims: what an application registration can ask for beyond the standard claims, one row per claim.
import type { Application, OptionalClaim } from '../directory/model.ts'
import type { AccessTokenRequest, UserSubject } from './subject.ts'

/** What an optional claim can be made from. */
export interface OptionalClaimInput {
  readonly user: UserSubject | undefined
  readonly tenantId: string
  readonly capabilities: readonly string[]
  readonly additionalProperties: readonly string[]
}

type Claims = Readonly<Record<string, unknown>>
type Build = (input: OptionalClaimInput) => Claims

const groupLimit = 200

const builders: Readonly<Record<string, Build>> = {
  idtyp: ({ user, additionalProperties }) => {
    if (user === undefined) return { idtyp: 'app' }
    return additionalProperties.includes('include_user_token') ? { idtyp: 'user' } : {}
  },
  xms_cc: ({ capabilities }) => (capabilities.length > 0 ? { xms_cc: capabilities } : {}),
  acct: ({ user }) => (user ? { acct: user.account.isGuest ? 1 : 0 } : {}),
  amr: ({ user }) => (user ? { amr: user.session.amr } : {}),
  sid: ({ user }) => (user ? { sid: user.session.sid } : {}),
  auth_time: ({ user }) => (user ? { auth_time: user.session.authTime } : {}),
  login_hint: ({ user }) => (user ? { login_hint: loginHint(user) } : {}),
  email: ({ user }) => (user?.account.user.mail === undefined ? {} : { email: user.account.user.mail }),
  upn: ({ user }) => (user ? { upn: user.account.user.username } : {}),
  given_name: ({ user }) => compact({ given_name: user?.account.user.givenName }),
  family_name: ({ user }) => compact({ family_name: user?.account.user.surname }),
  preferred_username: ({ user }) => (user ? { preferred_username: user.account.user.username } : {}),
  tenant_region_scope: () => ({ tenant_region_scope: 'WW' }),
  groups: ({ user, tenantId }) => (user ? groupClaims(user, tenantId) : {}),
}

/** Names of those that tokens can have, beside `acrs`, which a registration asks for to have stepped-up sessions told. */
export const optionalClaimNames: readonly string[] = [...Object.keys(builders), 'acrs'].sort()

/** The optional claims of an access token: what the API's registration asks for. */
export function accessTokenOptionalClaims({
  resource,
  tenant,
  user,
  capabilities,
}: AccessTokenRequest): Claims {
  const input = { user, tenantId: tenant.id, capabilities }
  return buildClaims([...(resource.optionalClaims?.accessToken ?? []), ...groupsFor(resource)], input)
}

/** The optional claims of an id_token: what the client's registration asks for. */
export function idTokenOptionalClaims(client: Application, tenantId: string, user: UserSubject): Claims {
  const asked = [...(client.optionalClaims?.idToken ?? []), ...groupsFor(client)]
  return buildClaims(asked, { user, tenantId, capabilities: [] })
}

function groupsFor({ groupMembershipClaims }: Application): readonly OptionalClaim[] {
  return groupMembershipClaims === undefined ? [] : ['groups']
}

/** The `login_hint` of a user: opaque to clients, but it works as a hint and at sign-out. */
export function loginHint({ account, session }: UserSubject): string {
  return `O.${Buffer.from(JSON.stringify([account.user.username, session.sid])).toString('base64url')}`
}

/** The user principal name inside a `login_hint` claim; the text itself when it is none. */
export function readLoginHint(hint: string): string {
  if (!hint.startsWith('O.')) return hint
  const [username] =
    /^\["([^"]+)"/.exec(Buffer.from(hint.slice(2), 'base64url').toString('utf8'))?.slice(1) ?? []
  return username ?? hint
}

function buildClaims(
  asked: readonly OptionalClaim[],
  input: Omit<OptionalClaimInput, 'additionalProperties'>,
): Claims {
  return Object.assign({}, ...asked.map((claim) => buildClaim(claim, input))) as Claims
}

function buildClaim(claim: OptionalClaim, input: Omit<OptionalClaimInput, 'additionalProperties'>): Claims {
  const { name, additionalProperties = [] } = typeof claim === 'string' ? { name: claim } : claim
  return builders[name]?.({ ...input, additionalProperties }) ?? {}
}

// Beyond 200 groups the token only says where they can be read, at the retired address that Entra still sends.
function groupClaims({ account }: UserSubject, tenantId: string): Claims {
  const groups = account.user.groups ?? []
  if (groups.length <= groupLimit) return groups.length > 0 ? { groups } : {}
  const endpoint = `https://graph.windows.net/${tenantId}/users/${account.id}/getMemberObjects`
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } }
}

function compact(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}
