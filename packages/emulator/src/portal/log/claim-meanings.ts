// What the claims of a token mean, in plain words.

/** By the claim's name. */
const meanings: Readonly<Record<string, string>> = {
  acrs: 'authentication contexts that the sign-in was stepped up to',
  acct: 'kind of account: 0 member, 1 guest',
  aio: 'opaque, for Entra alone',
  amr: 'how the user signed in',
  appid: 'who holds the token: the client',
  appidacr: 'how the client proved itself: 0 not at all, 1 secret, 2 certificate or federated',
  aud: 'audience: the API that may accept it',
  auth_time: 'when the user signed in',
  azp: 'who holds the token: the client',
  azpacr: 'how the client proved itself: 0 not at all, 1 secret, 2 certificate or federated',
  email: 'mail address of the user: changes, so never a key',
  exp: 'expires',
  family_name: 'family name of the user',
  given_name: 'given name of the user',
  groups: 'groups that the user is in',
  iat: 'issued',
  idp: 'who signed the user in',
  idtyp: 'app: the token stands for an application and nobody else',
  iss: 'issuer: who says all this',
  login_hint: 'opaque, for login_hint of the next sign-in',
  name: 'name of the user, to show',
  nbf: 'not good before',
  nonce: 'of the request, so that the answer cannot be another one’s',
  oid: 'object id: the user or application in this tenant; a key',
  preferred_username: 'user name, to show: changes, so never a key',
  rh: 'opaque, for Entra alone',
  roles: 'what it permits without a user, or as which role',
  scp: 'scopes: what it permits on behalf of the user',
  sid: 'the session of the user',
  sub: 'the user at this application alone',
  tid: 'tenant: whose directory',
  unique_name: 'user name, to show: changes, so never a key',
  upn: 'user principal name, to show',
  uti: 'id of this token',
  ver: 'version of the token',
  xms_act_fct: 'what acts: facets of the actor',
  xms_cc: 'capabilities of the client; cp1 can act on claims challenges',
  xms_par_app_azp: 'the blueprint that the agent was made from',
  xms_sub_fct: 'for whom: facets of the subject',
}

/** What a claim means; empty when that is nowhere said. */
export function meaningOf(name: string): string {
  return Object.hasOwn(meanings, name) ? (meanings[name] ?? '') : ''
}

const times: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'auth_time'])

/** A claim's value as text, times with their date. */
export function showClaim(name: string, value: unknown): string {
  if (times.has(name) && typeof value === 'number' && Math.abs(value) < 8e12)
    return `${String(value)} · ${new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
