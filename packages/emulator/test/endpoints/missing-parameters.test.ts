// What a request lacks is named, at every endpoint: whoever reads the refusal knows what to send.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { begin } from '../device.ts'
import { expectDecisions } from '../decisions.ts'
import {
  accessAsUser,
  alice,
  authorizeUrl,
  commandLine,
  contoso,
  daemon,
  daemonSecret,
  forAgent,
  middleTier,
  onBehalfOf,
  password,
  postToken,
  signIn,
  signInToWebClient,
  verifier,
  webClient,
  without,
  type Json,
} from '../scenario.ts'
import { createBrowser } from '../browser.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

type Form = Record<string, string>

const lacking = (name: string): RegExp =>
  new RegExp(`^AADSTS900144: The request body must contain the following parameter: '${name}'\\.`)

const ofDaemon = { grant_type: 'client_credentials', client_id: daemon, client_secret: daemonSecret }
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const authorizationCode = async (): Promise<Form> => {
  const { location } = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator))
  return {
    ...{ grant_type: 'authorization_code', client_id: webClient, code_verifier: verifier },
    ...{ code: location?.searchParams.get('code') ?? '', redirect_uri: 'http://localhost:3000/' },
  }
}

/** Complete requests, each with what it cannot do without. */
const complete: Readonly<Record<string, readonly [form: () => Form | Promise<Form>, ...names: string[]]>> = {
  'a code': [authorizationCode, 'grant_type', 'client_id', 'code', 'code_verifier'],
  'an exchange': [
    () =>
      emulator
        .mint({ user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] })
        .then((assertion) => onBehalfOf(assertion)),
    ...['grant_type', 'client_id', 'requested_token_use', 'assertion', 'scope'],
  ],
  'an application': [() => ({ ...ofDaemon, scope: `api://${middleTier}/.default` }), 'client_id', 'scope'],
  'a password': [
    () => ({
      ...{ grant_type: 'password', client_id: commandLine, username: alice, password, scope: accessAsUser },
    }),
    ...['username', 'password', 'scope'],
  ],
  'a refresh token': [() => ({ grant_type: 'refresh_token', client_id: webClient }), 'refresh_token'],
  'a device': [() => ({ grant_type: deviceGrant, client_id: commandLine }), 'device_code'],
  'an agent': [() => forAgent(), 'fmi_path'],
}
const cases = Object.entries(complete).flatMap(([what, [form, ...names]]) =>
  names.map((name) => [name, what, form] as const),
)

it.each(cases)('a token request without %s, for %s', async (name, _what, form) => {
  const headers = { origin: 'http://localhost:3000' }
  const whole = await form()
  const options = whole['client_id'] === webClient ? { headers } : {}
  const { body } = await postToken(emulator, without(whole, name), options)
  expect(body['error_description']).toMatch(lacking(name))
})

it.each([
  ['resource', ofDaemon],
  ['code', { grant_type: 'device_code', client_id: commandLine }],
])('a token request without %s, which version 1 has in place of another', async (name, form) => {
  const { body } = await postToken(emulator, form, { version: '' })
  expect(body['error_description']).toMatch(lacking(name))
})

it.each(['client_id', 'scope'])('a device without %s', async (name) => {
  expect((await begin(emulator, { [name]: '' })).body['error_description']).toMatch(lacking(name))
})

it.each([
  ['token', 'grant_type'],
  ['devicecode', 'client_id'],
])('what is no form, at %s: it has no %s', async (endpoint, name) => {
  const url = `${emulator.origin}/${contoso}/oauth2/v2.0/${endpoint}`
  const response = await fetch(url, { method: 'POST', body: '{}' })
  expect(((await response.json()) as Json)['error_description']).toMatch(lacking(name))
})

it('discovery of an instance without an endpoint', async () => {
  const response = await fetch(`${emulator.origin}/common/discovery/instance`)
  expect(((await response.json()) as Json)['error_description']).toMatch(lacking('authorization_endpoint'))
})

it('what is there twice is named as well', async () => {
  const { body } = await signInToWebClient(emulator)
  const form = new URLSearchParams(onBehalfOf(body['access_token'] as string))
  form.append('scope', 'User.Read')
  const url = `${emulator.origin}/${contoso}/oauth2/v2.0/token`
  const response = await fetch(url, { method: 'POST', body: form })
  expect(((await response.json()) as Json)['error_description']).toContain(
    "The parameter 'scope' is duplicated.",
  )
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/missing-parameters.txt')
})
