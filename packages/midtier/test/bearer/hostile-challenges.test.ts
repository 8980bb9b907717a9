// Challenges of a hostile downstream API: what each would have won, and that nothing of it but a claims request ever goes on.
import { describe, expect, it } from 'vitest'
import { buildChallenge } from '../../src/bearer/challenge.ts'
import { findClaimsChallenge } from '../../src/bearer/claims-challenge.ts'
import { parseChallenges } from '../../src/bearer/parse-challenges.ts'
import { readChallenge } from '../hostile-tokens/read-challenge.ts'

interface HostileChallenge {
  readonly wouldHaveWon: string
  readonly fields: readonly string[]
  /** The claims request that may go on; absent when nothing may. */
  readonly relays?: object
}

const mfa = { access_token: { acrs: { essential: true, value: 'c1' } } }
const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')
const bearer = (claims: string, more = ''): string =>
  `Bearer error="insufficient_claims", claims="${claims}"${more}`
const one = (field: string, wouldHaveWon: string, relays?: object): HostileChallenge => ({
  wouldHaveWon,
  fields: [field],
  ...(relays === undefined ? {} : { relays }),
})

const nested = (depth: number): string => `${'{"access_token":'.repeat(depth)}{}${'}'.repeat(depth)}`

const cases: Readonly<Record<string, HostileChallenge>> = {
  'a line break behind the claims': one(
    bearer(encode(mfa), '\r\nSet-Cookie: evil=1'),
    'a header of its own in our answer',
  ),
  'a line break inside a quoted value': one(
    bearer(encode(mfa), ', realm="a\r\nLocation: https://evil.example"'),
    'a redirect in our answer',
  ),
  'an escaped line break': one(
    bearer(encode(mfa), ', realm="a\\\nevil: 1"'),
    'a header of its own, by way of the escape',
  ),
  'a NUL in a value': one(
    bearer(encode(mfa), ', realm="a\0evil"'),
    'a field that is cut where a proxy sees its end',
  ),
  'another place to sign in': one(
    bearer(encode(mfa), ', authorization_uri="https://evil.example/login", client_id="evil"'),
    'people who type their passwords into its page',
    mfa,
  ),
  'a line break in the JSON of the claims': one(
    bearer(encode({ access_token: { 'a\r\nevil: 1': { essential: true } } })),
    'a header of its own as soon as somebody decodes',
    { access_token: { 'a\r\nevil: 1': { essential: true } } },
  ),
  'a quote that ends the claims early, inside base64': one(
    bearer(encode({ access_token: { x: { value: '", error="evil' } } })),
    'a second parameter in our challenge',
    { access_token: { x: { value: '", error="evil' } } },
  ),
  'raw JSON with a quote and a comma in a string': one(
    bearer('{"access_token":{"x":{"value":"\\", error=\\"evil"}}}'),
    'a second parameter in our challenge',
    { access_token: { x: { value: '", error="evil' } } },
  ),
  'raw JSON that ends inside a string': one(
    bearer('{"access_token":{"x":{"value":"}'),
    'a parser that reads past the field',
  ),
  'raw JSON with a second parameter behind its brace': one(
    bearer('{"access_token":{"x":null}} evil'),
    'claims of which two readers see different ends',
  ),
  'claims twice': one(
    bearer(encode(mfa), `, claims="${encode({ access_token: { acrs: { value: 'c0' } } })}"`),
    'a proxy that approves of the first claims, and a client that obeys the second',
  ),
  'claims twice in different cases': one(
    bearer(encode(mfa), `, CLAIMS="${encode({ access_token: { x: null } })}"`),
    'the same, past a check that compares names exactly',
  ),
  'the error twice': one(
    `Bearer error="invalid_token", ${bearer(encode(mfa)).slice(7)}`,
    'an error of its choice',
  ),
  'a challenge inside a quoted text of another scheme': one(
    `Digest realm="x, ${bearer(encode(mfa)).replaceAll('"', '\\"')}"`,
    'a sign-in by writing into a realm alone',
  ),
  'a challenge inside a quoted text that never ends': one(
    `Digest realm="x, Bearer error=insufficient_claims, claims=${encode(mfa)}`,
    'a sign-in by leaving out one quote',
  ),
  'a challenge behind a quote that opens in a bare value': one(
    `Digest realm=x"y, Bearer error=insufficient_claims, claims=${encode(mfa)}, z"`,
    'a sign-in by text that others take for quoted',
  ),
  'another scheme with the parameters of Bearer': one(
    bearer(encode(mfa)).replace('Bearer', 'Evil'),
    'a sign-in that the Bearer scheme never asked for',
  ),
  'parameters without any scheme': one(bearer(encode(mfa)).slice(7), 'a sign-in by half a challenge'),
  'claims without the error': one(
    `Bearer claims="${encode(mfa)}"`,
    'a sign-in where the token was refused for another reason',
  ),
  'claims beside invalid_token': one(
    bearer(encode(mfa)).replace('insufficient_claims', 'invalid_token'),
    'a sign-in where the token was refused for another reason',
  ),
  'an error that only looks alike': one(
    bearer(encode(mfa)).replace('insufficient_claims', 'insufficient_claims\u0131'),
    'a sign-in past a check by prefix',
  ),
  'members that a claims request does not have': one(
    bearer(encode({ ...mfa, redirect_uri: 'https://evil.example', grant_type: 'password', evil: { a: 1 } })),
    'parameters in a request to the authority',
    mfa,
  ),
  'members that reach for the prototype': one(
    bearer(encode('{"__proto__":{"access_token":{"evil":null}},"constructor":{"evil":1}}')),
    'a property on every object of the process',
  ),
  'a prototype inside the claims': one(
    bearer(encode('{"access_token":{"__proto__":{"evil":true},"acrs":{"value":"c1"}}}')),
    'a property on every object of the process',
    JSON.parse('{"access_token":{"__proto__":{"evil":true},"acrs":{"value":"c1"}}}') as object,
  ),
  'places that are no objects': one(
    bearer(encode({ access_token: 'evil', id_token: ['evil'], userinfo: 7 })),
    'an error inside whoever merges them',
  ),
  'claims that demand nothing': one(
    bearer(encode({ access_token: {} })),
    'a sign-in that changes nothing, again and again',
  ),
  'a list instead of an object': one(bearer(encode([mfa])), 'an error inside whoever merges them'),
  'the same member twice': one(
    bearer(encode('{"access_token":{"evil":null},"access_token":{"acrs":{"essential":true,"value":"c1"}}}')),
    'a reader that sees one, and an authority that sees the other',
    mfa,
  ),
  'bytes that are no UTF-8': one(
    bearer(Buffer.from('{"access_token":{"\xff\xfe":{"value":"c1"}}}', 'latin1').toString('base64')),
    'a text that each decoder mends in its own way',
  ),
  'half a surrogate pair': one(
    bearer(encode('{"access_token":{"\\ud800":{"value":"c1"}}}')),
    'a header that cannot be encoded, and a crash when it is',
    { access_token: { '\ud800': { value: 'c1' } } },
  ),
  'text in another script, raw': one(
    bearer('{"access_token":{"x":{"value":"ключ"}}}'),
    'a header that cannot be encoded, and a crash when it is',
    { access_token: { x: { value: 'ключ' } } },
  ),
  'JSON a thousand levels deep': one(bearer(encode(nested(300))), 'the stack of whoever walks it'),
  'seven levels': one(bearer(encode(nested(7))), 'work without an end to it'),
  'claims of ten kilobytes': one(
    bearer(encode({ access_token: { x: { value: 'evil'.repeat(2500) } } })),
    'an answer whose header every proxy refuses',
  ),
  'claims that grow when they are written again': one(
    bearer(`{"access_token":{"x":{"value":"${'ÿ'.repeat(4000)}"}}}`),
    'an answer whose header every proxy refuses',
  ),
  'a field of a megabyte': one(
    bearer(encode(mfa), `, realm="${'x'.repeat(1_000_000)}"`),
    'our time and memory',
  ),
  'ten thousand parameters': one(
    bearer(encode(mfa), Array.from({ length: 2000 }, (_, index) => `, p${index}=x`).join('')),
    'our time and memory',
  ),
  'ten thousand fields': {
    wouldHaveWon: 'our time and memory',
    fields: [...Array.from({ length: 10_000 }, () => 'Basic'), bearer(encode(mfa))],
  },
  'a thousand schemes before ours': one(
    `${Array.from({ length: 1000 }, (_, index) => `S${index}`).join(', ')}, ${bearer(encode(mfa))}`,
    'our time and memory',
  ),
  'quotes that open and never close': one(
    'a="\\'.repeat(8000),
    'time that grows with the square of the field',
  ),
  'braces that open and never close': one(
    bearer('{"'.repeat(8000)).slice(0, 30_000),
    'time that grows with the square of the field',
  ),
  'spaces and commas alone': one(' ,\t'.repeat(10_000), 'time that grows with the square of the field'),
}

describe.each(Object.entries(cases))('%s', (_name, { wouldHaveWon, fields, relays }) => {
  const found = findClaimsChallenge(parseChallenges(fields))

  it(`does not win ${wouldHaveWon}`, () => {
    expect(found === undefined ? undefined : JSON.parse(found.claims)).toEqual(relays)
  })

  it('leaves an answer of ours that is one well-formed challenge with our own words', () => {
    const answer = buildChallenge({
      authorizationUri: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/authorize',
      clientId: 'ours',
      error: 'insufficient_claims',
      ...(found === undefined ? {} : { claims: found.claims }),
    })
    const parameters = readChallenge(answer) // strict, and not ours
    expect([...parameters.keys()].filter((name) => name !== 'claims')).toEqual([
      'authorization_uri',
      'client_id',
      'error',
    ])
    expect(answer).not.toContain('evil')
    expect(answer.length).toBeLessThan(9_000)
  })

  it('is obeyed by nobody when it comes as a Headers', () => {
    const headers = new Headers()
    try {
      for (const field of fields) headers.append('www-authenticate', field)
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError) // the platform itself refuses such a field
      return
    }
    expect(findClaimsChallenge(parseChallenges(headers))).toEqual(found)
  })
})

it('there are more than twenty-four of them', () => {
  expect(Object.keys(cases).length).toBeGreaterThan(24)
})
