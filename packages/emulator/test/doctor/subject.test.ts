// What the doctor reads of a configuration: in the words of midtier, and in those of MSAL.
import { describe, expect, it } from 'vitest'
import { examineRedirectUri } from '../../src/doctor/redirect-uri.ts'
import { readSubject, subjectOf } from '../../src/doctor/subject.ts'

const none = { knownAuthorities: [], isMsal: false }
const metadata = { issuer: 'https://localhost/{tenantid}/v2.0' }

describe('a configuration', () => {
  it.each<[config: Record<string, unknown>, subject: object]>([
    [{ authority: 'http://localhost/tenant/' }, { ...none, authority: 'http://localhost/tenant' }],
    [
      { instance: 'http://localhost/', tenantId: 'tenant', clientId: 'id', redirectUri: 'uri' },
      { ...none, authority: 'http://localhost/tenant', clientId: 'id', redirectUri: 'uri' },
    ],
    [{ instance: 'http://localhost' }, { ...none, authority: 'http://localhost/organizations' }],
    // What is no text is not there.
    [
      { authority: 1, instance: 'http://localhost', tenantId: 2, clientId: 3, redirectUri: null },
      { ...none, authority: 'http://localhost/organizations' },
    ],
    [
      { auth: { authority: 'https://localhost/tenant', knownAuthorities: ['localhost', 1] } },
      { authority: 'https://localhost/tenant', knownAuthorities: ['localhost', '1'], isMsal: true },
    ],
    [
      { auth: { authority: 'https://localhost/tenant', authorityMetadata: JSON.stringify(metadata) } },
      { ...none, authority: 'https://localhost/tenant', metadata, isMsal: true },
    ],
    [
      { authority: 'https://localhost/tenant', authorityMetadata: metadata },
      { ...none, authority: 'https://localhost/tenant', metadata },
    ],
    [
      { authority: 'https://localhost/tenant', knownAuthorities: 'localhost' },
      { ...none, authority: 'https://localhost/tenant', isMsal: true },
    ],
  ])('%j is read', (config, subject) => {
    expect(readSubject(config)).toStrictEqual(subject)
  })

  it.each([
    [{}, /neither authority nor instance/],
    [{ authority: 'localhost' }, /or it is no URL/],
    [{ auth: 'text', instance: '' }, /neither authority nor instance/],
    [{ authority: 'https://localhost', authorityMetadata: '{' }, /authorityMetadata is no JSON object/],
    [{ authority: 'https://localhost', authorityMetadata: '[]' }, /authorityMetadata is no JSON object/],
    [{ authority: 'https://localhost', authorityMetadata: null }, /authorityMetadata is no JSON object/],
  ])('%j is refused', (config, said) => {
    expect(() => readSubject(config)).toThrow(said)
  })
})

it.each([
  ['http://localhost:1', 'http://localhost:1/organizations'],
  ['http://localhost:1/', 'http://localhost:1/organizations'],
  ['http://localhost:1/tenant', 'http://localhost:1/tenant'],
  ['http://localhost:1/tenant/v2.0?x=1', 'http://localhost:1/tenant'],
])('the address %s alone is the authority %s', (url, authority) => {
  expect(subjectOf(url)).toStrictEqual({ ...none, authority })
})

describe('a redirect URI', () => {
  const web = ['https://shop.example/a', 'http://localhost:5000/back', 'https://[::1]/c?x=1', 'no url']
  const application = { id: 'x', displayName: 'Shop', redirectUris: { web } }
  const seen = (uri: string): string => examineRedirectUri(application, uri).seen

  it.each([
    ['https://other.example/a', 'https://shop.example/a is: the host'],
    ['https://shop.example/b', 'https://shop.example/a is: the path'],
    ['https://shop.example/A', 'https://shop.example/a is: upper and lower case'],
    ['https://shop.example/a/', 'https://shop.example/a is: a slash at the end'],
    ['https://127.0.0.1/c?x=1', 'https://[::1]/c?x=1 is: another name of this machine'],
    ['https://[::1]/c', 'https://[::1]/c?x=1 is: the query'],
    ['https://localhost:6000/back', 'http://localhost:5000/back is: the scheme'],
    // Of localhost any port counts.
    ['http://127.0.0.1:6000/back', 'http://localhost:5000/back is: another name of this machine'],
    ['http://localhost:6000/other', 'http://localhost:5000/back is: the path'],
  ])('%s differs in one thing', (uri, said) => {
    expect(seen(uri)).toBe(`${uri} is not registered; ${said}`)
  })

  it.each(['https://other.example/b', 'http://shop.example:8080/a', 'nothing', 'http://127.0.0.1:6000/c'])(
    '%s differs in more',
    (uri) => {
      expect(seen(uri)).toBe(`${uri} is not registered; registered are ${web.join(', ')}`)
    },
  )

  it('that is registered is well', () => {
    expect(seen('https://shop.example/a')).toBe('https://shop.example/a is registered, for the platform web')
  })
})
