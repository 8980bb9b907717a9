// Attacks on the compact form: other serialisations, other spellings, extensions, other types of token, and sheer size.
import { userClaims } from '../jwt/token-builder.ts'
import { family, variants, type HostileCase } from './hostile-case.ts'
import { forge } from './token-forge.ts'

const { segment, encode, genuine, user, withSegments, headerText } = forge

const encrypted = {
  wouldHaveWon:
    'Any identity: encrypting takes a public key alone, so decrypting proves nothing about the sender.',
  refusedBy: 'encrypted',
  references: ['CVE-2026-29000', 'CVE-2023-51774', 'RFC 8725bis §2.3'],
}

const decompressed = {
  wouldHaveWon: 'Our memory or processor for minutes, for one small request.',
  refusedBy: 'encrypted',
  references: ['CVE-2024-28176', 'CVE-2024-21319', 'CVE-2022-36083', 'CVE-2025-63811'],
}

/** Five segments under a JWE header. */
const jwe = (header: Record<string, unknown>, ciphertext: string): string =>
  [segment(header), encode('key'), encode('iv'), encode(ciphertext), encode('tag')].join('.')

const spelling = {
  wouldHaveWon: 'A second spelling of a genuine token: deny-lists and cache keys do not know it.',
  refusedBy: 'not_base64url',
  references: ['RFC 7515 §2', 'CVE-2022-25898'],
}

const confusion = {
  wouldHaveWon: 'A token whose signed part is read differently by two parsers.',
  references: ['RFC 8725bis §2.13', 'RFC 7515 §7.1'],
}

/** The same bytes with unused bits set at the end of a segment. */
function withTrailingBits(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return part.slice(0, -1) + (alphabet[alphabet.indexOf(part.slice(-1)) + 1] ?? '')
}

/** A genuine token whose claims leave bits over in their last character. */
const uneven =
  ['', 'x', 'xx'].map((pad) => user({ pad })).find((token) => (token.split('.')[1] ?? '').length % 4 !== 0) ??
  ''

export const formatCases: readonly HostileCase[] = [
  ...family(encrypted, {
    'a JWE for us, around claims that nobody signed': () =>
      jwe({ alg: 'RSA-OAEP', enc: 'A256GCM' }, JSON.stringify(userClaims())),
    'a JWE around an unsigned token': ({ unsigned }) =>
      jwe({ alg: 'RSA-OAEP', enc: 'A256GCM', cty: 'JWT' }, `${unsigned({ alg: 'none' })}.`),
    'a JWE around a genuine token': () => jwe({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' }, genuine),
    'a JWE whose header says RS256 and key-1': () => jwe({ typ: 'JWT', alg: 'RS256', kid: 'key-1' }, genuine),
    'a genuine token with two more segments': () => `${genuine}.${encode('iv')}.${encode('tag')}`,
    'five empty segments': () => '....',
  }),
  ...family(decompressed, {
    'a zip bomb in a JWE': () => jwe({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' }, '\0'.repeat(20_000)),
    'a PBES2 count of two thousand million': () =>
      jwe({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 2_000_000_000, p2s: 'AAAA' }, genuine),
  }),
  ...family(
    { ...confusion, refusedBy: 'not_a_jwt' },
    {
      'one segment': () => genuine.replaceAll('.', ''),
      'two segments': () => withSegments((header, payload) => `${header}.${payload}`),
      'four segments': () => `${genuine}.${encode('more')}`,
      'six segments': () => `${genuine}.a.b.c`,
      'a dot at the end of a genuine token': () => `${genuine}.`,
      'a dot before a genuine token': () => `.${genuine}`,
      'sixty thousand dots': () => '.'.repeat(60_000),
      'an opaque token': () => 'EwBwA8l6BAAU7p9QDpi/D7xJLwsTgCg3TskyTaQAAXu71AU9f4YS4rOK',
    },
  ),
  ...family(
    { ...confusion, refusedBy: 'unsigned' },
    {
      'dots and nothing else': () => '..',
      'header and claims and a dot': () => genuine.replace(/[^.]+$/, ''),
    },
  ),
  ...family(
    { ...confusion, refusedBy: 'not_json' },
    {
      'an empty header': () => withSegments((_, payload, signature) => `.${payload}.${signature}`),
      'detached claims': () => withSegments((header, _, signature) => `${header}..${signature}`),
      'a token nested in a token': () => forge.exact(headerText, genuine),
    },
  ),
  ...family(
    { ...confusion, refusedBy: 'not_base64url' },
    {
      'the flattened JSON serialisation without its commas': () =>
        withSegments((header, payload, signature) => `{"protected":"${header}.${payload}.${signature}"}`),
      'an SD-JWT with disclosures': () => `${genuine}~WyJzYWx0IiwicHJvbGUiLCJBZG1pbiJd~`,
      'a token that is a JSON string': () => `"${genuine}"`,
      'claims that are not encoded (RFC 7797)': ({ signInput }) => {
        const input = `${segment({ alg: 'RS256', kid: 'key-1', b64: false, crit: ['b64'] })}.{"sub":"x"}`
        return `${input}.${signInput(input, forge.keys.authority)}`
      },
    },
  ),
  ...family(spelling, {
    'padding after the signature': () => `${genuine}==`,
    'padding after the claims': () =>
      withSegments((header, payload, rest) => `${header}.${payload}=.${rest}`),
    'padding after the header': () =>
      withSegments((header, payload, rest) => `${header}=.${payload}.${rest}`),
    'a plus of base64 for a hyphen': () =>
      withSegments((header, payload, rest) => `${header}.${payload}.${swapped(rest, '-', '+')}`),
    'a slash of base64 for an underscore': () =>
      withSegments((header, payload, rest) => `${header}.${payload}.${swapped(rest, '_', '/')}`),
    'unused bits set in the signature': () =>
      withSegments((header, payload, rest) => `${header}.${payload}.${withTrailingBits(rest)}`),
    'unused bits set in the claims': () => {
      const [header = '', payload = '', signature = ''] = uneven.split('.')
      return `${header}.${withTrailingBits(payload)}.${signature}`
    },
    'a segment whose length cannot be': () => `${genuine}AAA`,
    'percent-encoded characters': () => genuine.replace('e', '%65'),
    'a zero-width space in a segment': () => latin1(`${genuine.slice(0, 40)}\u200b${genuine.slice(40)}`),
    'a full-width letter in a segment': () => latin1(genuine.replace('e', '\uff45')),
    'a letter with its eighth bit set': () =>
      genuine.replace('J', String.fromCharCode('J'.charCodeAt(0) | 0x80)),
    'a tilde for a full stop': () => `${genuine}~`,
    'a soft hyphen in the signature': () => `${genuine.slice(0, -5)}\u00ad${genuine.slice(-5)}`,
  }),
  ...variants(
    {
      wouldHaveWon: 'A token whose extension changes what was signed, accepted by ignoring the extension.',
      refusedBy: 'critical_headers',
      references: ['CVE-2025-59420', 'CVE-2026-32597', 'RFC 7515 §4.1.11', 'RFC 7797 §6'],
    },
    'header',
    [
      { crit: ['exp'], exp: 1 },
      { crit: ['http://evil.example/ext'] },
      { crit: ['b64'], b64: false },
      { crit: ['b64'], b64: true },
      { crit: [] },
      { crit: 'exp' },
      { crit: null },
      { crit: ['alg'] },
      { crit: ['x', 'x'] },
      { crit: [['x']] },
      { crit: {} },
      { b64: false },
      { b64: true },
    ],
    ({ user }, header) => user({}, header),
  ),
  ...variants(
    {
      wouldHaveWon: 'Access by a token that was issued to say something else.',
      refusedBy: 'token_type',
      references: ['RFC 8725 §3.11', 'RFC 9068 §4'],
    },
    'typ',
    [
      'logout+jwt',
      'secevent+jwt',
      'dpop+jwt',
      'kb+jwt',
      'oauth-authz-req+jwt',
      'client-authentication+jwt',
      'token-introspection+jwt',
      'entity-statement+jwt',
      'application/logout+jwt',
      'pop',
      'JOSE',
      'JWE',
      'JWT ',
      'jwt\0',
      '',
      null,
      1,
      ['JWT'],
    ],
    ({ user }, typ) => user({}, { typ }),
  ),
  ...family(
    {
      wouldHaveWon: 'Our processor: hashing, decoding and parsing for nothing, one request after the other.',
      refusedBy: 'too_long',
      status: 400,
      references: ['CVE-2025-30204', 'CVE-2025-27144'],
    },
    {
      'a genuine token of 100 000 characters': ({ user }) => user({ pad: 'x'.repeat(75_000) }),
      'a token of one character more than is looked at': ({ user }) =>
        user({ pad: 'x'.repeat(65_536) }).slice(0, 65_537),
      'a hundred thousand dots': () => '.'.repeat(100_000),
    },
  ),
]

/** UTF-8 bytes as an HTTP server hands them over. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** Every such character replaced; the first one, where there is no such character. */
function swapped(part: string, character: string, by: string): string {
  return part.includes(character) ? part.replaceAll(character, by) : by + part.slice(1)
}
