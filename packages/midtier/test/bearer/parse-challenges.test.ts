import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildChallenge } from '../../src/bearer/challenge.ts'
import { findClaimsChallenge } from '../../src/bearer/claims-challenge.ts'
import { type Challenge, parseChallenges } from '../../src/bearer/parse-challenges.ts'

const claims = '{"access_token":{"nbf":{"essential":true, "value":"1635527790"}}}'
const written = '{"access_token":{"nbf":{"essential":true,"value":"1635527790"}}}'

type Plain = readonly [scheme: string, token68: string | undefined, parameters: Record<string, string>]
const plain = ({ scheme, token68, parameters }: Challenge): Plain => [
  scheme,
  token68,
  Object.fromEntries(parameters),
]
const parse = (headers: Parameters<typeof parseChallenges>[0]): Plain[] => parseChallenges(headers).map(plain)

describe('taking challenges apart', () => {
  it.each<[string, string, Plain[]]>([
    ['a bare scheme', 'Negotiate', [['negotiate', undefined, {}]]],
    ['a token68', 'Negotiate YII/+~_.-==', [['negotiate', 'YII/+~_.-==', {}]]],
    ['one parameter', 'Basic realm="x"', [['basic', undefined, { realm: 'x' }]]],
    [
      'names in any case',
      'BEARER Realm="", ERROR="invalid_token"',
      [['bearer', undefined, { realm: '', error: 'invalid_token' }]],
    ],
    [
      'several challenges in one field',
      'Negotiate, NTLM TlRM, Digest qop="auth,auth-int", algorithm=MD5, Bearer a="b"',
      [
        ['negotiate', undefined, {}],
        ['ntlm', 'TlRM', {}],
        ['digest', undefined, { qop: 'auth,auth-int', algorithm: 'MD5' }],
        ['bearer', undefined, { a: 'b' }],
      ],
    ],
    [
      'escapes in a quoted value',
      'Basic realm="a \\"b\\", \\\\ c"',
      [['basic', undefined, { realm: 'a "b", \\ c' }]],
    ],
    ['white space around the equals sign', 'Basic realm \t= "x"', [['basic', undefined, { realm: 'x' }]]],
    [
      'empty elements of the list',
      ', ,Basic realm=x,, ,\tBearer , a=b,',
      [
        ['basic', undefined, { realm: 'x' }],
        ['bearer', undefined, { a: 'b' }],
      ],
    ],
    [
      'a value without quotes that has padding',
      'Bearer claims=eyJhIjoxfQ==, error=x',
      [['bearer', undefined, { claims: 'eyJhIjoxfQ==', error: 'x' }]],
    ],
    [
      'what Azure Storage writes',
      'Bearer authorization_uri=https://login.microsoftonline.com/t/oauth2/authorize resource_id=https://storage.azure.com',
      [
        [
          'bearer',
          undefined,
          {
            authorization_uri: 'https://login.microsoftonline.com/t/oauth2/authorize',
            resource_id: 'https://storage.azure.com',
          },
        ],
      ],
    ],
    [
      'what Microsoft.Identity.Web writes',
      `Bearer consentUri="https://login/authorize?a=b&scope=x%20y", claims="${claims}", scopes="a,b", proposedAction="consent"`,
      [
        [
          'bearer',
          undefined,
          {
            consenturi: 'https://login/authorize?a=b&scope=x%20y',
            claims,
            scopes: 'a,b',
            proposedaction: 'consent',
          },
        ],
      ],
    ],
    [
      'claims of JSON with its quotes escaped',
      `Bearer claims="${claims.replaceAll('"', '\\"')}"`,
      [['bearer', undefined, { claims }]],
    ],
    ['values that are empty', 'Bearer x=y, a=, b="" ', [['bearer', undefined, { x: 'y', a: '', b: '' }]]],
    ['the padding of a token68 as no parameter', 'Bearer a=', [['bearer', 'a=', {}]]],
  ])('reads %s', (_, field, expected) => {
    expect(parse(field)).toEqual(expected)
  })

  it.each<[string, string, string[]]>([
    ['a parameter twice', 'Bearer a=b, A=c, Basic realm=x', ['basic']],
    ['two values for one name', 'Bearer a="x"b="y", Basic realm=x', ['basic']],
    ['a quote in a bare value', 'Bearer a=b"c", Basic realm=x', ['basic']],
    ['a scheme behind another without a comma', 'Negotiate Bearer realm="x", Basic realm=x', ['basic']],
    ['a quoted value that does not end', 'Basic realm=x, Bearer a="b', ['basic']],
    ['words without a scheme', '"Bearer", =, a=b, Basic realm=x', ['basic']],
    ['a parameter without a name', 'Bearer ="x", Basic realm=x', ['basic']],
    ['unquoted words too many', 'Negotiate one two, Basic realm="x", Digest realm="y"', ['basic', 'digest']],
  ])('leaves out a challenge with %s, and reads the others', (_, field, schemes) => {
    expect(parse(field).map(([scheme]) => scheme)).toEqual(schemes)
  })

  it('reads several fields, each by itself', () => {
    const fields = ['Basic realm="x', 'Bearer error="x"']
    expect(parse(fields)).toEqual([['bearer', undefined, { error: 'x' }]])
  })

  it('reads sixteen challenges at most, and nothing at all of more than thirty-two fields', () => {
    const field = Array.from({ length: 10 }, (_, index) => `S${index}`).join(', ')
    expect(parse([field, field, field])).toHaveLength(16)
    expect(parse(Array.from({ length: 32 }, () => '').concat('Basic'))).toEqual([])
    expect(parse(Array.from({ length: 31 }, () => '').concat('Basic'))).toHaveLength(1)
  })

  it('reads 32768 characters, all fields together, and nothing of more', () => {
    const field = (length: number): string => `Bearer a="${'x'.repeat(length - 'Bearer a=""'.length)}"`
    expect(parseChallenges(field(32_768))).toHaveLength(1)
    expect(parseChallenges(field(32_769))).toEqual([])
    expect(parseChallenges([field(16_384), field(16_384)])).toHaveLength(2)
    expect(parseChallenges([field(16_384), field(16_385)])).toEqual([])
  })

  it.each(['\n', '\0', '\x7f', '\x85'])(
    'takes no control character for a part of raw JSON: %j',
    (character) => {
      expect(parse(`Bearer claims="{"a":"${character}"}"`)).toEqual([])
      expect(parse(`Bearer claims="{"a":1${character}}"`)).toEqual([])
    },
  )

  it('reads a Headers, and one of another fetch', () => {
    const headers = new Headers([
      ['www-authenticate', 'Basic realm=x'],
      ['www-authenticate', 'Bearer a=b'],
    ])
    const foreign = { get: (name: string) => headers.get(name) } as unknown as Headers
    expect(parse(headers).map(([scheme]) => scheme)).toEqual(['basic', 'bearer'])
    expect(parse(foreign)).toEqual(parse(headers))
  })

  it.each([undefined, null, '', [], new Headers()])('finds nothing in %j', (nothing) => {
    expect(parseChallenges(nothing)).toEqual([])
  })
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'claims', '{"', '}', 'a', 'error', '\t', '\n', 'é'),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
)
const parameterText = fc.string({ unit: fc.constantFrom(...'ab"\\,= {}:/?&~'.split('')), maxLength: 30 })

describe('whatever comes', () => {
  it('never throws, and gives schemes, names and values without control characters', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.array(anyText)), (headers) => {
        const challenges = parseChallenges(headers)
        for (const { scheme, token68, parameters } of challenges) {
          expect(scheme).toMatch(/^[!#$%&'*+.^_`|~0-9a-z-]+$/)
          expect([token68 ?? '', ...parameters.keys(), ...parameters.values()].join('')).not.toMatch(
            /[^\t\P{Cc}]/u,
          )
        }
        findClaimsChallenge(challenges)
      }),
      { numRuns: 2000 },
    )
  })

  it('gives back what was built', () => {
    const texts = fc.record(
      {
        realm: parameterText,
        authorizationUri: parameterText,
        clientId: parameterText,
        resourceMetadata: parameterText,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(texts, fc.option(fc.constant('invalid_token' as const)), (facts, error) => {
        const built = buildChallenge({ ...facts, ...(error === null ? {} : { error }) })
        const parameters = Object.entries({
          realm: facts.realm,
          authorization_uri: facts.authorizationUri,
          client_id: facts.clientId,
          resource_metadata: facts.resourceMetadata,
          error: error ?? undefined,
        }).filter(([, value]) => value !== undefined)
        expect(parse(built)).toEqual([['bearer', undefined, Object.fromEntries(parameters)]])
      }),
    )
  })

  it('gives back the claims that were built into a challenge, beside any other', () => {
    const demand = fc.dictionary(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
      fc.record({ essential: fc.boolean(), value: fc.string({ unit: 'binary', maxLength: 20 }) }),
      { minKeys: 1, maxKeys: 4 },
    )
    fc.assert(
      fc.property(
        demand,
        fc.constantFrom('Negotiate', 'Digest a="b, c"', 'Basic x=y'),
        (accessToken, other) => {
          const text = JSON.stringify({ access_token: accessToken })
          const built = `${other}, ${buildChallenge({ error: 'insufficient_claims', claims: text })}`
          const found = findClaimsChallenge(parseChallenges(built))
          expect(JSON.parse(found?.claims ?? '')).toEqual(JSON.parse(text))
          expect(found?.claims).toMatch(/^[\x20-\x7e]+$/)
        },
      ),
    )
  })
})

describe('the claims challenge', () => {
  const standard = btoa(claims)
  it.each([
    ['base64', standard],
    ['base64 without its padding', standard.replace(/=+$/, '')],
    ['base64url', standard.replaceAll('+', '-').replaceAll('/', '_')],
    ['JSON with escaped quotes', claims.replaceAll('"', '\\"')],
    ['raw JSON', claims],
  ])('is found with claims in %s, and written anew', (_, text) => {
    const field = `Basic realm="x", Bearer realm="", error="insufficient_claims", claims="${text}", cc_type="authcontext"`
    expect(findClaimsChallenge(parseChallenges(field))).toEqual({ claims: written })
  })

  it.each([
    String.raw`{"a":"x\"}y"}`,
    String.raw`{"a":"{"}`,
    String.raw`{"a":"x\\","b":{"c":"\u0022"}}`,
    '{ "a":{"b":{}} }',
    '{\t"a":1}',
  ])('is read as raw JSON to its own end: %s', (json) => {
    const [challenge] = parseChallenges(`Bearer claims="${json}", error="insufficient_claims"`)
    expect(challenge?.parameters.get('claims')).toBe(json)
    expect(challenge?.parameters.get('error')).toBe('insufficient_claims')
  })

  it.each([String.raw`{"a":"x`, '{"a":{}', '{"a":1} ', '{"a":1}x'])(
    'is none as raw JSON that does not end: %s',
    (json) => {
      expect(parseChallenges(`Bearer claims="${json}", error="insufficient_claims"`)).toEqual([])
    },
  )

  it('is found without quotes, and behind one that cannot be read', () => {
    const good = `Bearer error=insufficient_claims, claims=${standard}`
    const field = `Bearer error="insufficient_claims", claims="%%%", ${good}`
    expect(findClaimsChallenge(parseChallenges(field))).toEqual({ claims: written })
  })

  it('as Graph recorded it is read', () => {
    const recorded =
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYzNTUyNzc5MCJ9fX0="'
    expect(findClaimsChallenge(parseChallenges(recorded))).toEqual({ claims: written })
  })
})
