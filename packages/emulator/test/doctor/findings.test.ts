// What the doctor finds is what was written down: about configurations, redirect URIs, and what answers at an address.
// `npx vitest run --project emulator packages/emulator/test/doctor/findings.test.ts -u` writes it anew.
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, EmulatorOptionsError, type Emulator } from '../../src/index.ts'
import { examine } from '../../src/doctor/examine.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { examineRedirectUri } from '../../src/doctor/redirect-uri.ts'
import { readSubject, subjectOf, type Subject } from '../../src/doctor/subject.ts'
import { contoso, daemon, todoApi, webClient } from '../scenario.ts'

let http: Emulator
let https: Emulator
let odd: Server
let oddOrigin: string
let closedOrigin: string
/** What the other server answers with, by path. */
const answers: Readonly<Record<string, unknown>> = {
  '/number/v2.0/.well-known/openid-configuration': 7,
  '/empty/v2.0/.well-known/openid-configuration': {},
  '/error/v2.0/.well-known/openid-configuration': { error_description: 'AADSTS90002: no such tenant' },
  '/other/v2.0/.well-known/openid-configuration': { error_description: 7 },
  '/elsewhere/v2.0/.well-known/openid-configuration': { issuer: 'https://elsewhere.example/t/v2.0' },
  '/_emulator/directory': { applications: 'none' },
}
beforeAll(async () => {
  http = await createEmulator()
  https = await createEmulator({ httpsPort: 0 })
  odd = createServer((request, response) => {
    const answer = answers[request.url ?? '']
    response.end(answer === undefined ? '<html>' : JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(odd, 'listening')
  oddOrigin = originOf(odd)
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  closedOrigin = originOf(closed)
  closed.close()
  await once(closed, 'close')
})
afterAll(() => {
  odd.close()
  return Promise.all([http.stop(), https.stop()])
})

const originOf = (server: Server): string =>
  `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
const file = (name: string): string => fileURLToPath(new URL(`written/${name}.txt`, import.meta.url))
const named = (text: string): string =>
  text
    .replaceAll(http.origin, '<http>')
    .replaceAll(https.httpsOrigin ?? '', '<https>')
    .replaceAll((https.httpsOrigin ?? '').replace('https://', ''), '<https host>')
    .replaceAll(https.origin, '<http of https>')
    .replaceAll(oddOrigin, '<another server>')
    .replaceAll(closedOrigin, '<nobody>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replaceAll(/ Trace ID: .*/g, ' …')
    .replaceAll(/UNABLE_TO_[A-Z_]+/g, '<code of OpenSSL>')
    .replaceAll(contoso, '{Contoso}')
const tellFinding = ({ check, isWell, seen, remedy }: Finding): string =>
  `  ${isWell ? '✓' : '✗'} ${check}: ${seen}${remedy === undefined ? '' : `\n    → ${remedy}`}`

it('in configurations', async () => {
  const authority = 'https://localhost:8445/contoso.com/'
  const configurations: readonly Readonly<Record<string, unknown>>[] = [
    {},
    { authority },
    { authority: 'no address' },
    { authority: 7 },
    { instance: 'https://localhost:8445/' },
    { instance: 'https://localhost:8445', tenantId: 'contoso.com' },
    { instance: 'https://localhost:8445', tenantId: 7 },
    { instance: '' },
    { authority, instance: 'https://other.example' },
    { auth: { authority } },
    { auth: {} },
    { auth: { authority, clientId: webClient, redirectUri: 'http://localhost/' } },
    { auth: { clientId: webClient }, authority },
    { auth: 'text', authority, clientId: 7, redirectUri: 7 },
    { authority, knownAuthorities: ['localhost:8445', 7] },
    { authority, knownAuthorities: 'localhost:8445' },
    { authority, authorityMetadata: '{"issuer":"x"}' },
    { authority, authorityMetadata: { issuer: 'x' } },
    { authority, authorityMetadata: '{' },
    { authority, authorityMetadata: '[]' },
    { authority, authorityMetadata: 7 },
  ]
  const read = (work: () => Subject): string => {
    try {
      return JSON.stringify(work())
    } catch (error) {
      if (!(error instanceof EmulatorOptionsError)) throw error
      return error.message
    }
  }
  const addresses = ['https://a:1', 'https://a:1/', 'http://a/t', 'http://a/t/v2.0/x?y#z']
  const told = [
    ...configurations.map((each) => `${JSON.stringify(each)}\n  ${read(() => readSubject(each))}`),
    ...addresses.map((each) => `${each}\n  ${read(() => subjectOf(each))}`),
  ]
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(file('subjects'))
})

it('in redirect URIs', async () => {
  const registered = {
    web: ['https://app.example/in', 'http://127.0.0.1:3000/in?x=1'],
    spa: ['http://localhost:3000/'],
    publicClient: ['msapp://auth'],
  }
  const uris = [
    ...[
      'https://app.example/in',
      'https://app.example/in/',
      'https://app.example/IN',
      'https://app.example/other',
    ],
    ...[
      'http://app.example/in',
      'https://other.example/in',
      'https://app.example:444/in',
      'https://app.example/in?x=1',
    ],
    ...[
      'https://app.example/in#x',
      'http://app.example/out',
      'http://localhost:3000/',
      'http://localhost:4000/',
    ],
    ...[
      'http://localhost:4000',
      'http://localhost:3000/x',
      'https://localhost:3000/',
      'http://127.0.0.1:3000/',
    ],
    ...[
      'http://[::1]:3000/',
      'http://[::1]:3000/in?x=1',
      'http://127.0.0.1:3001/in?x=1',
      'http://127.0.0.1:3000/in',
    ],
    ...['msapp://auth', 'msapp://other', 'no address', ''],
  ]
  const application = { id: webClient, displayName: 'App', redirectUris: registered }
  const told = [
    ...uris.map((uri) => `${uri}\n${tellFinding(examineRedirectUri(application, uri))}`),
    tellFinding(examineRedirectUri({ id: webClient, displayName: 'App' }, 'http://a/')),
    tellFinding(examineRedirectUri({ ...application, redirectUris: { web: [] } }, 'http://a/')),
  ]
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(file('redirect-uris'))
})

it('at addresses', async () => {
  const overHttp = `${http.origin}/${contoso}`
  const overHttps = `${https.httpsOrigin ?? ''}/${contoso}`
  const { host } = new URL(overHttps)
  const metadata = { token_endpoint: `${overHttp}/oauth2/v2.0/token`, issuer: `${overHttp}/v2.0` }
  const production = 'https://login.microsoftonline.com/contoso.com'
  const subjects: readonly (readonly [name: string, subject: Subject])[] = [
    ['an address', subjectOf(http.origin)],
    ['an authority', subjectOf(overHttp)],
    ['a tenant that there is not', subjectOf(`${http.origin}/nowhere.example`)],
    ['a port that nobody listens at', subjectOf(`${closedOrigin}/t`)],
    ['https', subjectOf(overHttps)],
    ['https, by another name', subjectOf(overHttps.replace('localhost', '127.0.0.1'))],
    ['MSAL over http', readSubject({ auth: { authority: overHttp } })],
    ['MSAL over https', readSubject({ auth: { authority: overHttps } })],
    [
      'MSAL that knows another',
      readSubject({ auth: { authority: overHttps, knownAuthorities: ['a', 'b'] } }),
    ],
    ['MSAL that knows it', readSubject({ auth: { authority: overHttps, knownAuthorities: ['a', host] } })],
    [
      'MSAL that knows its address',
      readSubject({ auth: { authority: overHttps, knownAuthorities: [`${overHttps}/x`] } }),
    ],
    ['MSAL with metadata', readSubject({ auth: { authority: production, authorityMetadata: metadata } })],
    [
      'MSAL over http with metadata',
      readSubject({ auth: { authority: overHttp, authorityMetadata: metadata } }),
    ],
    ['midtier with metadata', readSubject({ authority: overHttp, authorityMetadata: metadata })],
    [
      'metadata of another issuer',
      readSubject({
        auth: { authority: production, authorityMetadata: { ...metadata, issuer: 'https://other.example/' } },
      }),
    ],
    [
      'metadata without an issuer',
      readSubject({
        auth: { authority: production, authorityMetadata: { token_endpoint: metadata.token_endpoint } },
      }),
    ],
    [
      'metadata without an address',
      readSubject({ authority: overHttp, authorityMetadata: { token_endpoint: 'nowhere' } }),
    ],
    [
      'metadata of nothing',
      readSubject({ authority: overHttp, authorityMetadata: { token_endpoint: 7, issuer: 7 } }),
    ],
    ['an application', { ...subjectOf(overHttp), clientId: webClient.toUpperCase() }],
    ['an application that there is not', { ...subjectOf(overHttp), clientId: contoso }],
    [
      'its redirect URI',
      { ...subjectOf(overHttp), clientId: webClient, redirectUri: 'http://localhost:3000/' },
    ],
    [
      'another redirect URI',
      { ...subjectOf(overHttp), clientId: webClient, redirectUri: 'http://localhost:3000/x' },
    ],
    [
      'an application without one',
      { ...subjectOf(overHttp), clientId: daemon, redirectUri: 'http://localhost:3000/x' },
    ],
    ['a page', subjectOf(`${oddOrigin}/page`)],
    ['a number', subjectOf(`${oddOrigin}/number`)],
    ['nothing', subjectOf(`${oddOrigin}/empty`)],
    ['an error', subjectOf(`${oddOrigin}/error`)],
    ['an error of another kind', subjectOf(`${oddOrigin}/other`)],
    ['another issuer', { ...subjectOf(`${oddOrigin}/elsewhere`), clientId: todoApi }],
  ]
  const told: string[] = []
  for (const [name, subject] of subjects) {
    const findings = (await examine(subject)).map(tellFinding)
    told.push(`——— ${name}\n${findings.join('\n')}`)
  }
  await expect(`${named(told.join('\n'))}\n`).toMatchFileSnapshot(file('addresses'))
})
