// What differs between Entra and any other issuer, one row per question: who needs to know asks the authority, and never which kind it is.
import { entraClaimTypes, openIdClaimTypes, type ClaimTypes } from '../jwt/claims.ts'
import { getAccount, getOpenIdAccount, type Account } from '../token-cache/account.ts'

/** What the access tokens of an authority say, and by which claims. */
interface TokenRules {
  /**
   * Whether `tid` and `oid` say which tenant and who, by GUIDs: where there are no tenants, whoever writes these claims could name the
   * tenant and the users of somebody else.
   */
  readonly hasTenants: boolean
  /** What a claim has to be when it is there. */
  readonly claimTypes: ClaimTypes
  /** Whether every token says from when on it is valid: `nbf`. */
  readonly writesNotBefore: boolean
  /** Whether every access token names the client that it was issued to. */
  readonly namesClient: boolean
  /** Where delegated permissions stand: as words in `scp`, or as well as a list there or as words in `scope` (RFC 9068 §2.2.3). */
  readonly scopeClaims: 'scp' | 'scp-or-scope'
  /** Whether scopes stand in tokens by their names alone (`access_as_user`), however clients ask for them. */
  readonly issuesScopesByName: boolean
  /** What tells an application by itself from a person: `idtyp`, or a subject that is the client. */
  readonly kindClaim: 'idtyp' | 'sub'
  /** Whether one issuer may have several metadata documents, whose keys all count: its tokens do not say which is theirs. */
  readonly joinsMetadata: boolean
  /** The account of a user, from validated claims; `undefined` when they do not say whose it is, never half a key. */
  accountOf(token: NamedUser): Account | undefined
  /** The id of the account that these two members name, as {@link TokenRules.accountOf} gives it. */
  accountIdOf(account: Pick<Account, 'objectId' | 'tenantId'>): string
}

/** Whom a validated token names. */
interface NamedUser {
  readonly issuer: string
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** What an authority wants of who acquires tokens from it. */
export interface AcquisitionRules {
  /** The grant that acts for users. */
  readonly userGrant: 'on_behalf_of' | 'token_exchange'
  /** What is declared with every request. Continuous access evaluation is Entra's: another would not understand the `claims` that do it. */
  readonly clientCapabilities: readonly string[]
  /** What names the API that a token is for: the scopes, all of one API; or an audience beside scopes that mean what the authority says. */
  readonly namesApiBy: 'scopes' | 'audience'
  /** What an application asks for by itself: `{resource}/.default` alone, or scopes by their names. */
  readonly appScopes: 'default' | 'named'
}

/** Everything that depends on the kind of authority and on nothing else. */
export interface AuthorityRules extends TokenRules, AcquisitionRules {}

/** Of Entra, External ID included, and of emulators of it. */
export const entraRules: AuthorityRules = Object.freeze({
  hasTenants: true,
  claimTypes: entraClaimTypes,
  writesNotBefore: true,
  namesClient: true,
  scopeClaims: 'scp',
  issuesScopesByName: true,
  kindClaim: 'idtyp',
  joinsMetadata: false,
  accountOf: ({ claims }: NamedUser) => getAccount(claims),
  // Tokens have the identifiers in lower case.
  accountIdOf: ({ objectId, tenantId }: Pick<Account, 'objectId' | 'tenantId'>) =>
    `${objectId}.${tenantId}`.toLowerCase(),
  userGrant: 'on_behalf_of',
  clientCapabilities: Object.freeze(['cp1']),
  namesApiBy: 'scopes',
  appScopes: 'default',
})

/** Of any other OpenID Connect issuer. */
export const openIdRules: AuthorityRules = Object.freeze({
  hasTenants: false,
  claimTypes: openIdClaimTypes,
  writesNotBefore: false,
  namesClient: false,
  scopeClaims: 'scp-or-scope',
  issuesScopesByName: false,
  kindClaim: 'sub',
  joinsMetadata: true,
  accountOf: ({ issuer, subject }: NamedUser) => getOpenIdAccount(issuer, subject),
  accountIdOf: ({ objectId, tenantId }: Pick<Account, 'objectId' | 'tenantId'>) =>
    getOpenIdAccount(tenantId, objectId)?.id ?? objectId,
  userGrant: 'token_exchange',
  clientCapabilities: Object.freeze([]),
  namesApiBy: 'audience',
  appScopes: 'named',
})
