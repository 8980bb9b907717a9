// Attacks on the claims of a token that the authority did sign: for how long, for whom, and of which type (RFC 7519 §4.1, RFC 8725 §3.9).
import { callerId, clientId, nowSeconds, userId } from '../jwt/token-builder.ts'
import { family, variants, type HostileCase } from './hostile-case.ts'

const endless = {
  wouldHaveWon: 'A stolen token that works for ever, or longer than it was meant to.',
  references: ['RFC 7519 §4.1.4', 'RFC 8725 §2.8'],
}

const early = {
  wouldHaveWon: 'A token that is made now, while the thief has access, for use later.',
  references: ['RFC 7519 §4.1.5'],
}

const replayed = {
  wouldHaveWon: 'Our users’ data for whoever runs another API that they use: its tokens work here.',
  refusedBy: 'audience',
  references: ['RFC 9068 §4', 'RFC 8725 §3.9', 'RFC 9700 §4.10.2'],
}

const mistyped = {
  wouldHaveWon: 'A decision on a value of a type that nobody thought of, where a loose comparison says yes.',
  refusedBy: 'claim_types',
  references: ['RFC 7519 §4.1', 'CVE-2025-30144'],
}

const oddAudiences = [
  undefined,
  '',
  [],
  'api://another-api',
  ['api://another-api', 'https://graph.microsoft.com'],
  '00000003-0000-0000-c000-000000000000',
  'https://graph.microsoft.com',
  'https://management.azure.com/',
  callerId,
  clientId.toUpperCase(),
  clientId.slice(0, -1),
  `${clientId}0`,
  ` ${clientId}`,
  `${clientId} `,
  `${clientId}/`,
  `${clientId}\0`,
  `${clientId},${callerId}`,
  `${callerId} ${clientId}`,
  JSON.stringify([clientId]),
  [` ${clientId}`, `${clientId}\n`],
  `api://${clientId}`,
  `spn:${clientId}`,
  `{${clientId}}`,
  clientId.replaceAll('-', ''),
  clientId.replaceAll('a', '\u0430'),
  clientId.replaceAll('-', '%2D'),
  '*',
  '.*',
  'undefined',
]

const oddV1Audiences = [
  `api://${clientId}/`,
  `api://${clientId}/access_as_user`,
  `API://${clientId}`,
  `api:/${clientId}`,
  `api://${callerId}`,
  `https://${clientId}`,
  `spn:${clientId}`,
]

const nearAudiences = [
  'https://api.contoso.com/',
  'https://api.contoso.com.evil.example',
  'https://api.contoso.com@evil.example',
  'https://api.contoso.co',
  'https://apixcontoso.com',
  'https://API.contoso.com',
  'http://api.contoso.com',
  'https://api.contoso.com:443',
  'api://todo/access_as_user',
]

export const claimCases: readonly HostileCase[] = [
  ...family(
    { ...endless, refusedBy: 'lifetime' },
    {
      'no exp': ({ user }) => user({ exp: undefined }),
      'no nbf': ({ user }) => user({ nbf: undefined }),
      'neither exp nor nbf nor iat': ({ user }) => user({ exp: undefined, nbf: undefined, iat: undefined }),
    },
  ),
  ...family(
    { ...endless, refusedBy: 'expired' },
    {
      'expired by exactly the tolerance': ({ user }) => user({ exp: nowSeconds - 300 }),
      'expired a fraction of a second before that': ({ user }) => user({ exp: nowSeconds - 300.5 }),
      'expired yesterday': ({ user }) => user({ exp: nowSeconds - 86_400 }),
      'an exp of 0': ({ user }) => user({ exp: 0 }),
    },
  ),
  ...family(
    { ...endless, refusedBy: 'expired', against: 'loosened' },
    { 'expired by the widest tolerance': ({ user }) => user({ exp: nowSeconds - 900 }) },
  ),
  ...variants(
    { ...endless, refusedBy: 'claim_types' },
    'exp',
    [
      String(nowSeconds + 3_600),
      '9e9',
      true,
      null,
      [nowSeconds + 3_600],
      { valueOf: nowSeconds + 3_600 },
      -1,
    ],
    ({ user }, exp) => user({ exp }),
  ),
  ...variants(
    { ...endless, refusedBy: 'claim_types' },
    'exp written as',
    ['1e400', '-1e400'],
    ({ rawClaim }, exp) => rawClaim('exp', exp),
  ),
  ...family(
    { ...early, refusedBy: 'not_yet_valid' },
    {
      'nbf a second beyond the tolerance': ({ user }) => user({ nbf: nowSeconds + 301 }),
      'nbf next year': ({ user }) => user({ nbf: nowSeconds + 31_536_000, exp: nowSeconds + 31_600_000 }),
      'nbf in milliseconds': ({ user }) => user({ nbf: nowSeconds * 1000 }),
    },
  ),
  ...variants(
    { ...early, refusedBy: 'claim_types' },
    'nbf',
    [String(nowSeconds), null, false, [0], {}, -1],
    ({ user }, nbf) => user({ nbf }),
  ),
  ...family(
    { ...early, refusedBy: 'issued_in_future' },
    { 'issued in the future': ({ user }) => user({ iat: nowSeconds + 301 }) },
  ),
  ...variants({ ...early, refusedBy: 'claim_types' }, 'iat', ['0', null, []], ({ user }, iat) =>
    user({ iat }),
  ),
  ...variants(replayed, 'aud', oddAudiences, ({ user }, aud) => user({ aud })),
  ...variants(replayed, 'the aud of a v1.0 token', oddV1Audiences, ({ v1 }, aud) => v1({ aud })),
  ...variants(
    { ...replayed, against: 'loosened' },
    'beside a configured https://api.contoso.com, aud',
    nearAudiences,
    ({ user }, aud) => user({ aud }),
  ),
  ...family(
    { ...replayed, against: 'partner' },
    {
      'the audience of the partner in a token of Entra': ({ user }) => user({ aud: 'todo-api' }),
    },
  ),
  ...variants(
    mistyped,
    'aud',
    [
      null,
      42,
      { includes: clientId },
      { [clientId]: true },
      { length: 1, 0: clientId },
      [[clientId]],
      [clientId, 1],
      [null],
    ],
    ({ user }, aud) => user({ aud }),
  ),
  ...variants(mistyped, 'scp', [['access_as_user'], { access_as_user: true }, 1, null], ({ user }, scp) =>
    user({ scp }),
  ),
  ...variants(
    mistyped,
    'roles',
    ['Admin', { 0: 'Admin', length: 1 }, ['Admin', 1], [['Admin']], null],
    ({ app }, roles) => app({ roles }),
  ),
  ...variants(mistyped, 'oid', [[userId], { toString: userId }, 1, null], ({ user }, oid) => user({ oid })),
  ...variants(mistyped, 'sub', [['ada'], 1, null], ({ user }, sub) => user({ sub })),
  ...variants(mistyped, 'azp', [[callerId], { callerId }, true], ({ user }, azp) => user({ azp })),
  ...variants(mistyped, 'groups', ['admins', { 0: 'admins' }], ({ user }, groups) => user({ groups })),
  ...variants(mistyped, 'acrs', [{ c1: true }, 1], ({ user }, acrs) => user({ acrs })),
  ...variants(mistyped, 'idp', [['live.com'], null], ({ user }, idp) => user({ idp })),
  ...variants(
    {
      wouldHaveWon:
        'Another user’s cached tokens: the object id is half of the key that they are kept under.',
      refusedBy: 'object_id',
      references: ['Entra claims validation', 'CVE-2026-35030'],
    },
    'oid',
    [
      undefined,
      '',
      'ada',
      `${userId}.`,
      `${userId}.11111111-1111-4111-8111-111111111111`,
      userId.toUpperCase(),
      `{${userId}}`,
      userId.replaceAll('-', ''),
      ` ${userId}`,
      `${userId}\n`,
      '../../admin',
      '*',
      '__proto__',
    ],
    ({ user }, oid) => user({ oid }),
  ),
  ...variants(
    {
      wouldHaveWon: 'A caller of whom nobody can say which application it is.',
      refusedBy: 'client',
      references: ['RFC 9068 §2.2', 'RFC 9700 §4.15'],
    },
    'a user’s token with',
    [{ sub: undefined }, { sub: '' }, { azp: undefined }, { azp: '' }, { azp: undefined, appid: callerId }],
    ({ user }, claims) => user(claims),
  ),
  ...variants(
    {
      wouldHaveWon: 'Decisions of readers that ignore letter case, on another value than ours.',
      refusedBy: 'lookalike_claims',
      references: ['CVE-2016-7191', 'IdentityModel EnforceSingleClaimCaseInsensitive'],
    },
    'beside the genuine one',
    [
      { TID: 'x' },
      { Iss: 'x' },
      { AUD: clientId },
      { Exp: 9e9 },
      { SCP: 'admin' },
      { Roles: ['Admin'] },
      { Oid: 'x' },
    ],
    ({ user }, claims) => user(claims),
  ),
  ...variants(
    {
      wouldHaveWon: 'The use of a stolen token that was bound to its holder’s key for that very reason.',
      refusedBy: 'bound_to_sender',
      references: ['RFC 9449 §7.2', 'RFC 8705 §3', 'RFC 7800'],
    },
    'cnf',
    [{ jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }, { 'x5t#S256': 'x' }, { jwk: {} }, {}, null, ''],
    ({ user }, cnf) => user({ cnf }),
  ),
]
