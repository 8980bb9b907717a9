// Attacks on what a token is: another kind of token, an application passed off as a person, or a permission that is not quite one.
import { callerId, clientId, nowSeconds, otherTenantId, tenantId, userId } from '../jwt/token-builder.ts'
import { family, variants, type Family, type HostileCase } from './hostile-case.ts'
import { partnerClaims } from './targets.ts'
import { forge } from './token-forge.ts'

const idToken = {
  wouldHaveWon:
    'Access for every client that signs users in with our registration: signing in is not a permission.',
  references: ['RFC 9068 §5', 'RFC 8725 §3.12'],
}

/** The claims that an access token has and an ID token has not. */
const notAccess = { scp: undefined, azp: undefined, azpacr: undefined }

const graph = {
  wouldHaveWon: 'Our API for every application that may read a profile in Microsoft Graph.',
  references: ['Entra access tokens, token ownership', 'RFC 9068 §4'],
}

const otherTokens = {
  wouldHaveWon: 'Access by something that was issued for the authority, not for an API.',
  references: ['RFC 8725 §3.12'],
}

const disguised = {
  wouldHaveWon: 'Acting as a person whom nobody signed in, or as an application without its secret.',
  refusedBy: 'token_kind',
  references: ['Entra claims validation, idtyp', 'RFC 9700 §4.15'],
}

const unpermitted = {
  wouldHaveWon: 'Our API for any application of any tenant: such a token takes no consent.',
  refusedBy: 'permissions',
  references: ['Entra claims validation', 'ASVS 10.3.2'],
}

const scopeRoute: Omit<Family, 'refusedBy'> = {
  wouldHaveWon: 'An operation that the user never consented to.',
  references: ['RFC 6750 §3.1', 'ASVS 10.3.2'],
  status: 403,
  route: { requirements: { scopes: ['access_as_user'] }, admits: () => forge.genuine },
}

const roleRoute: Omit<Family, 'refusedBy'> = {
  wouldHaveWon: 'An operation that no administrator granted.',
  references: ['RFC 6750 §3.1', 'ASVS 10.3.2'],
  status: 403,
  route: { requirements: { roles: ['Todo.ReadWrite.All'] }, admits: ({ app }) => app() },
}

const clientAssertion = {
  iss: clientId,
  sub: clientId,
  aud: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
  exp: nowSeconds + 300,
  nbf: nowSeconds,
  jti: 'once',
}

export const kindCases: readonly HostileCase[] = [
  ...family(
    { ...idToken, refusedBy: 'id_token' },
    {
      'an ID token with its nonce': ({ user }) => user({ ...notAccess, nonce: 'n' }),
      'an ID token with an at_hash': ({ user }) => user({ ...notAccess, at_hash: 'h' }),
      'an ID token with a c_hash': ({ user }) => user({ ...notAccess, c_hash: 'h' }),
      'an ID token with roles': ({ user }) => user({ ...notAccess, nonce: 'n', roles: ['Admin'] }),
      'an ID token that names its client and a scope': ({ user }) => user({ nonce: 'n' }),
      'an ID token of version 1.0': ({ v1 }) =>
        v1({ aud: clientId, scp: undefined, appid: undefined, nonce: 'n' }),
      'an ID token whose nonce is null': ({ user }) => user({ ...notAccess, nonce: null }),
    },
  ),
  ...family(
    { ...idToken, refusedBy: 'client' },
    {
      'an ID token without a nonce': ({ user }) => user(notAccess),
      'an ID token without a nonce, with roles': ({ user }) => user({ ...notAccess, roles: ['Admin'] }),
      'an ID token of version 1.0 without a nonce': ({ v1 }) =>
        v1({ aud: clientId, scp: undefined, appid: undefined, roles: ['Admin'] }),
    },
  ),
  ...family(
    { ...idToken, refusedBy: 'client', against: 'unpermitted' },
    { 'an ID token where tokens need no permission': ({ user }) => user(notAccess) },
  ),
  ...family(
    { ...idToken, refusedBy: 'id_token', against: 'anyAudience' },
    {
      'an ID token for somebody else where any audience will do': ({ user }) =>
        user({ aud: callerId, nonce: 'n' }),
    },
  ),
  ...family(
    { ...graph, refusedBy: 'foreign_nonce' },
    {
      'a token for Microsoft Graph': ({ user }) =>
        user({ aud: '00000003-0000-0000-c000-000000000000' }, { nonce: 'hashed before signing' }),
      'a header with the nonce of Graph above our audience': ({ user }) => user({}, { nonce: 'x' }),
    },
  ),
  ...family(
    { ...graph, refusedBy: 'foreign_nonce', against: 'anyAudience' },
    { 'a token for Graph where any audience will do': ({ user }) => user({}, { nonce: 'x' }) },
  ),
  ...family(
    { ...otherTokens, refusedBy: 'tenant_id' },
    {
      'a client assertion': ({ by, keys }) => by(keys.stranger, {}, clientAssertion),
      'a client assertion signed by the authority’s key': ({ by, keys }) =>
        by(keys.authority, {}, clientAssertion),
      'a logout token without its type': ({ user }) =>
        user({ tid: undefined, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
    },
  ),
  ...family(
    { ...otherTokens, refusedBy: 'token_type' },
    {
      'a logout token': ({ user }) => user({ sid: 's' }, { typ: 'logout+jwt' }),
      'a DPoP proof': ({ by, keys }) => by(keys.stranger, { typ: 'dpop+jwt', jwk: keys.stranger.jwk() }),
      'a signed HTTP request': ({ by, keys }) => by(keys.stranger, { typ: 'pop' }, { at: 'eyJ…', m: 'GET' }),
    },
  ),
  ...family(
    { ...otherTokens, refusedBy: 'not_a_jwt' },
    {
      'a refresh token': () => '0.AXoAMe_N-B6jSkuT5F9XHpElWtr1CqEo0m1Hu5BDw1ZkKQQ',
      'a SAML assertion in base64': () => Buffer.from('<saml:Assertion/>').toString('base64url'),
    },
  ),
  ...family(
    { ...otherTokens, refusedBy: 'not_base64url' },
    { 'an authorization code': () => '0.AXoAMe_N-B6jSkuT5F9XHpElWtr1.AgABAAIAAAD' },
  ),
  ...family(disguised, {
    'roles of a user, without a scope': ({ user }) => user({ scp: undefined, roles: ['Todo.ReadWrite.All'] }),
    'an application’s token whose oid is a user’s': ({ app }) => app({ oid: userId }),
    'an application’s token without an oid': ({ app }) => app({ oid: undefined }),
    'idtyp app beside a scope': ({ user }) => user({ idtyp: 'app' }),
    'idtyp user without a scope': ({ app }) => app({ idtyp: 'user' }),
    'idtyp device beside a scope': ({ user }) => user({ idtyp: 'device' }),
    'idtyp device without a scope': ({ app }) => app({ idtyp: 'device' }),
    'idtyp APP without a scope': ({ user }) => user({ scp: undefined, roles: ['x'], idtyp: 'APP' }),
    'idtyp app with a space': ({ user }) => user({ scp: undefined, roles: ['x'], idtyp: 'app ' }),
    'an empty scope and a role of a user': ({ user }) => user({ scp: '', roles: ['Todo.ReadWrite.All'] }),
    'a scope of spaces and a role of a user': ({ user }) =>
      user({ scp: '  ', roles: ['Todo.ReadWrite.All'] }),
  }),
  ...family(
    { ...disguised, refusedBy: 'claim_types' },
    {
      'idtyp as a list': ({ app }) => app({ idtyp: ['app'] }),
      'idtyp as an object': ({ app }) => app({ idtyp: { app: true } }),
    },
  ),
  ...family(
    { ...disguised, against: 'unpermitted' },
    {
      'a user’s token with nothing, where tokens need no permission': ({ user }) => user({ scp: undefined }),
    },
  ),
  ...family(unpermitted, {
    'neither scp nor roles': ({ user }) => user({ scp: undefined }),
    'an application without a role': ({ app }) => app({ roles: undefined }),
    'an application with idtyp and without a role': ({ app }) => app({ roles: undefined, idtyp: 'app' }),
    'an empty list of roles': ({ app }) => app({ roles: [] }),
    'an empty scope': ({ user }) => user({ scp: '' }),
    'a scope of spaces': ({ user }) => user({ scp: '   ' }),
    'a scope in the claim of other issuers': ({ user }) => user({ scp: undefined, scope: 'access_as_user' }),
    'permissions in a claim called role': ({ app }) => app({ roles: undefined, role: ['Admin'] }),
    'wids, the roles of a directory, for roles': ({ app }) => app({ roles: undefined, wids: ['x'] }),
  }),
  ...variants(
    { ...scopeRoute, refusedBy: 'scopes' },
    'on a route for access_as_user, scp',
    [
      'access_as_user_admin',
      'not_access_as_user',
      'access_as_use',
      'Access_As_User',
      'read,access_as_user',
      'read\taccess_as_user',
      'read\naccess_as_user',
      'access_as_user\0',
      'access_as_user/',
      `api://${clientId}/access_as_user`,
      'access_as_user\u00a0read',
      '.*',
      '*',
      '__proto__',
      'constructor',
    ],
    ({ user }, scp) => user({ scp }),
  ),
  ...family(
    { ...scopeRoute, refusedBy: 'scopes' },
    {
      'an application whose role is called like the scope': ({ app }) => app({ roles: ['access_as_user'] }),
      'a user whose role is called like the scope': ({ user }) =>
        user({ scp: 'read', roles: ['access_as_user'] }),
      'an application whose list holds all scopes in one name': ({ app }) =>
        app({ roles: ['read access_as_user'] }),
    },
  ),
  ...variants(
    {
      ...scopeRoute,
      refusedBy: 'scopes',
      route: {
        requirements: { scopes: { all: ['access_as_user', 'read'] } },
        admits: ({ user }) => user({ scp: 'read access_as_user' }),
      },
    },
    'on a route for access_as_user and read, scp',
    ['access_as_user', 'access_as_user read_all', 'access_as_user access_as_user', 'access_as_user,read'],
    ({ user }, scp) => user({ scp }),
  ),
  ...variants(
    { ...roleRoute, refusedBy: 'roles' },
    'on a route for Todo.ReadWrite.All, roles',
    [
      ['Todo.ReadWrite.AllUsers'],
      ['Todo.ReadWrite'],
      ['todo.readwrite.all'],
      ['Todo.ReadWrite.All '],
      ['Todo.Read.All Todo.ReadWrite.All'],
      ['Todo.Read.All,Todo.ReadWrite.All'],
      ['TodoXReadWriteXAll'],
      ['__proto__'],
      ['*'],
    ],
    ({ app }, roles) => app({ roles }),
  ),
  ...family(
    { ...roleRoute, refusedBy: 'roles' },
    { 'a user whose scope is called like the role': ({ user }) => user({ scp: 'Todo.ReadWrite.All' }) },
  ),
  ...family(
    {
      ...scopeRoute,
      refusedBy: 'scopes',
      route: {
        requirements: { scopes: ['access_as_user'], roles: ['Todo.ReadWrite.All'] },
        admits: ({ app }) => app(),
      },
    },
    {
      'a user with the application’s role instead of the scope': ({ user }) =>
        user({ scp: 'read', roles: ['Todo.ReadWrite.All'] }),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'A person’s operation done unattended, by a program with a secret.',
      refusedBy: 'caller',
      references: ['Entra claims validation, idtyp'],
      status: 403,
      route: { requirements: { caller: 'user' }, admits: () => forge.genuine },
    },
    {
      'an application on a route for people': ({ app }) => app(),
      'an application with idtyp on a route for people': ({ app }) => app({ idtyp: 'app' }),
      'an application that names a person': ({ app }) =>
        app({ preferred_username: 'ada@contoso.com', name: 'Ada Lovelace', upn: 'ada@contoso.com' }),
      'the user account of an agent on a route for people': ({ user }) =>
        user({ idtyp: 'user', xms_act_fct: '11', xms_sub_fct: '13' }),
      'the user account of an agent whose actor is not named': ({ user }) => user({ xms_sub_fct: '13' }),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'What one agent may do, by any other that is made from the same blueprint.',
      refusedBy: 'agents',
      references: ['Entra Agent ID, xms_par_app_azp'],
      status: 403,
      route: { requirements: { agents: [otherTenantId] }, admits: () => forge.genuine },
    },
    {
      'an agent whose blueprint is listed': ({ user }) =>
        user({ xms_act_fct: '11', xms_par_app_azp: otherTenantId }),
      'an agent that is told by its blueprint alone': ({ user }) => user({ xms_par_app_azp: tenantId }),
      'an agent among other facets': ({ user }) => user({ xms_act_fct: '1  3 11' }),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'A decision that a person has to make, by a program that nobody watches.',
      refusedBy: 'agents',
      references: ['Entra Agent ID, xms_sub_fct'],
      status: 403,
      route: { requirements: { agents: { humanRequired: true } }, admits: () => forge.genuine },
    },
    {
      'an agent by itself': ({ app }) =>
        app({ xms_act_fct: '11', xms_sub_fct: '11', scp: '/', idtyp: 'app' }),
      'an agent through its user account': ({ user }) => user({ xms_act_fct: '11', xms_sub_fct: '13' }),
      'an agent whose subject’s facets cannot be read': ({ user }) =>
        user({ xms_act_fct: '11', xms_sub_fct: '13,5' }),
      'a client whose facets cannot be read': ({ user }) => user({ xms_act_fct: '11;' }),
      'facets that are too many to be read': ({ user }) => user({ xms_act_fct: `11 ${'9 '.repeat(200)}` }),
      'facets of another type': ({ user }) => user({ xms_act_fct: '11', xms_sub_fct: ['13'] }),
    },
  ),
  ...family(
    {
      wouldHaveWon:
        'A customer’s data, by a partner that writes the tenant of that customer into its own tokens.',
      refusedBy: 'tenants',
      references: ['RFC 8725 §3.8'],
      against: 'partner',
      status: 403,
      route: { requirements: { allowedTenants: [tenantId] }, admits: () => forge.genuine },
    },
    {
      'a partner’s user with the tid of Entra': ({ by, named, keys }) =>
        by(named(keys.leaked, 'partner-key'), {}, partnerClaims({ tid: tenantId, oid: userId, ver: '2.0' })),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'A daemon’s operation for every signed-in person.',
      refusedBy: 'caller',
      references: ['Entra claims validation, idtyp'],
      status: 403,
      route: { requirements: { caller: 'app' }, admits: ({ app }) => app() },
    },
    {
      'a person on a route for applications': ({ user }) => user({ roles: ['Todo.ReadWrite.All'] }),
    },
  ),
]
