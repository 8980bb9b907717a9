// Attacks on the JSON inside: read differently by two parsers, poisoning objects, or eating time and memory.
import { clientId, tenantId, userClaims } from '../jwt/token-builder.ts'
import { family, type HostileCase } from './hostile-case.ts'
import { forge } from './token-forge.ts'

const { exact, headerText } = forge
const claims = JSON.stringify(userClaims())

/** Text before the first member of an object. */
const prepend = (members: string, json: string): string => json.replace('{', () => `{${members},`)

const twoReadings = {
  wouldHaveWon: 'A token that a proxy in front reads as one caller, and we as another.',
  references: ['RFC 7515 §4', 'RFC 8725 §2.4'],
}

const encoding = {
  wouldHaveWon: 'Claims that look different to a filter than to us.',
  references: ['RFC 8725 §3.7', 'RFC 7519 §7.2'],
}

const shape = {
  wouldHaveWon: 'A decision on undefined: claims of something that has none.',
  references: ['RFC 7519 §7.2'],
}

const pollution = {
  wouldHaveWon: 'Members that every object inherits, such as a role for every caller.',
  references: ['ASVS 15.3.6', 'CVE-2026-21710'],
}

const bytes = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))

const [beforeName = '', afterName = ''] = claims.split('Ada Lovelace')

export const jsonCases: readonly HostileCase[] = [
  ...family(
    { ...twoReadings, refusedBy: 'duplicate_name' },
    {
      'alg twice: none, then RS256': () => exact(prepend('"alg":"none"', headerText), claims),
      'alg twice, once with an escape': () => exact(prepend('"\\u0061lg":"none"', headerText), claims),
      'kid twice': () => exact(prepend('"kid":"mine"', headerText), claims),
      'aud twice': () => exact(headerText, prepend('"aud":"somebody"', claims)),
      'aud twice, once with a blank before its colon': () => exact(headerText, prepend('"aud" :"x"', claims)),
      'aud twice, once with a tab before its colon': () => exact(headerText, prepend('"aud"\t:"x"', claims)),
      'aud twice, once with a line feed before its colon': () =>
        exact(headerText, prepend('"aud"\n:"x"', claims)),
      'aud twice, once with a carriage return before its colon': () =>
        exact(headerText, prepend('"aud"\r:"x"', claims)),
      'aud twice, and a text that looks like a name': () =>
        exact(headerText, prepend('"aud" :"x","y":":","z":","', claims)),
      'tid twice, once with an escape': () => exact(headerText, prepend(`"t\\u0069d":"${tenantId}"`, claims)),
      'exp twice': () => exact(headerText, prepend('"exp":99999999999', claims)),
      'a name twice deep inside': () => exact(headerText, prepend('"a":[{"b":{"c":1,"c":2}}]', claims)),
      '__proto__ twice': () => exact(headerText, prepend('"__proto__":1,"__proto__":2', claims)),
    },
  ),
  ...family(
    { ...twoReadings, refusedBy: 'not_json' },
    {
      'a second object after the claims': () => exact(headerText, `${claims}{"scp":"admin"}`),
      'a second object after the header': () => exact(`${headerText}{}`, claims),
      'a comment in the claims': () => exact(headerText, prepend('/* "aud": */"x":1', claims)),
      'single quotation marks': () => exact(headerText, claims.replaceAll('"', "'")),
      'a comma too many': () => exact(headerText, claims.replace(/}$/, ',}')),
      'NaN for exp': ({ rawClaim }) => rawClaim('exp', 'NaN'),
      'Infinity for exp': ({ rawClaim }) => rawClaim('exp', 'Infinity'),
      'a hexadecimal exp': ({ rawClaim }) => rawClaim('exp', '0x7fffffff'),
      'a NUL after the claims': () => exact(headerText, `${claims}\0`),
      'a raw line feed in a claim': ({ rawClaim }) => rawClaim('name', '"a\nb"'),
      'claims cut off in the middle': () => exact(headerText, claims.slice(0, -20)),
      'no claims but white space': () => exact(headerText, '  \n'),
      'text that is no JSON': () => exact(headerText, 'iss=me&sub=you'),
      'XML for claims': () => exact(headerText, '<saml:Assertion/>'),
    },
  ),
  ...family(
    { ...encoding, refusedBy: 'not_json' },
    {
      'a byte order mark before the header': () => exact(`\ufeff${headerText}`, claims),
      'a byte order mark before the claims': () => exact(headerText, `\ufeff${claims}`),
      'UTF-16 claims': () => exact(headerText, Buffer.from(claims, 'utf16le')),
      'a UTF-16 header': () => exact(Buffer.from(headerText, 'utf16le'), claims),
    },
  ),
  ...family(
    { ...encoding, refusedBy: 'not_utf8' },
    {
      'UTF-16 claims with their mark': () => exact(headerText, bytes(new Uint8Array([0xff, 0xfe]), claims)),
      'an overlong slash': () =>
        exact(headerText, bytes(beforeName, new Uint8Array([0xc0, 0xaf]), afterName)),
      'a lone continuation byte': () =>
        exact(headerText, bytes(beforeName, new Uint8Array([0x80]), afterName)),
      'a surrogate as three bytes': () =>
        exact(headerText, bytes(beforeName, new Uint8Array([0xed, 0xa0, 0x80]), afterName)),
      'a Latin-1 letter': () => exact(headerText, bytes(beforeName, new Uint8Array([0xe9]), afterName)),
      'a broken byte in the header': () =>
        exact(bytes('{"alg":"RS256","kid":"key-1', new Uint8Array([0xfe]), '"}'), claims),
    },
  ),
  ...family(
    { ...shape, refusedBy: 'not_an_object' },
    {
      'claims that are an array': () => exact(headerText, `[${claims}]`),
      'claims that are a string': () => exact(headerText, JSON.stringify(claims)),
      'claims that are a number': () => exact(headerText, '42'),
      'claims that are null': () => exact(headerText, 'null'),
      'claims that are true': () => exact(headerText, 'true'),
      'a header that is an array': () => exact(`[${headerText}]`, claims),
      'a header that is null': () => exact('null', claims),
      'a header that is a string': () => exact('"RS256"', claims),
    },
  ),
  ...family(
    { ...shape, refusedBy: 'tenant_id' },
    {
      'an empty set of claims': () => exact(headerText, '{}'),
      'names with a NUL at their end': () => exact(headerText, claims.replaceAll('":', '\\u0000":')),
    },
  ),
  ...family({ ...shape, refusedBy: 'algorithm' }, { 'a header without a member': () => exact('{}', claims) }),
  ...family(
    { ...pollution, refusedBy: 'tenant_id' },
    {
      'every claim below __proto__': () => exact(headerText, `{"__proto__":${claims}}`),
      'every claim below constructor.prototype': () =>
        exact(headerText, `{"constructor":{"prototype":${claims}}}`),
    },
  ),
  ...family(
    { ...pollution, refusedBy: 'algorithm' },
    { 'the header below __proto__': () => exact(`{"__proto__":${headerText}}`, claims) },
  ),
  ...family(
    { ...pollution, refusedBy: 'permissions' },
    {
      'scp and roles below __proto__': ({ user }) =>
        exact(
          headerText,
          prepend(
            '"__proto__":{"scp":"admin","roles":["Admin"]}',
            Buffer.from(user({ scp: undefined }).split('.')[1] ?? '', 'base64url').toString(),
          ),
        ),
    },
  ),
  ...family(
    { ...pollution, refusedBy: 'audience' },
    {
      'aud below __proto__ beside an aud that is another’s': ({ exact }) =>
        exact(
          headerText,
          prepend(`"__proto__":{"aud":"${clientId}"}`, JSON.stringify(userClaims({ aud: 'x' }))),
        ),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'Our stack or our processor, for one small request.',
      refusedBy: 'too_deep',
      references: ['CVE-2025-53864'],
    },
    {
      'arrays seventeen levels deep': () => exact(headerText, prepend(`"a":${nest(17)}`, claims)),
      'arrays twenty thousand levels deep': () => exact(headerText, prepend(`"a":${nest(20_000)}`, claims)),
      'objects ten thousand levels deep, never closed': () => exact(headerText, '{"a":'.repeat(8_000)),
      'a header of brackets': () => exact('['.repeat(20_000), claims),
    },
  ),
  ...family(
    {
      wouldHaveWon: 'Our processor: many names, or many backslashes, for a parser that looks back at each.',
      refusedBy: 'not_json',
      references: ['ASVS 13.2.6'],
    },
    {
      'forty thousand quotation marks': () => exact(headerText, '"'.repeat(40_000)),
      'forty thousand backslashes in a text without an end': () =>
        exact(headerText, `{"${'\\'.repeat(40_001)}"`),
    },
  ),
]

function nest(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels)
}
