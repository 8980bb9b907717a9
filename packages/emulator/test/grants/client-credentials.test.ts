import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  headerOf,
  legacyApi,
  middleTier,
  postToken,
  todoApi,
  webClient,
  without,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const body = {
  grant_type: 'client_credentials',
  client_id: daemon,
  client_secret: daemonSecret,
  scope: `api://${todoApi}/.default`,
}

describe('client credentials', () => {
  it('give an app-only token with the assigned roles', async () => {
    const { status, headers, body: answer } = await postToken(emulator, body)
    const claims = claimsOf(answer['access_token'] as string)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store, no-cache')
    expect(headers.get('x-ms-clitelem')).toBe('1,0,0,,')
    expect(claims).toMatchObject({
      aud: todoApi,
      azp: daemon,
      azpacr: '1',
      roles: ['Tasks.Read.All'],
      tid: contoso,
      ver: '2.0',
      idtyp: 'app',
    })
    expect(claims['sub']).toBe(claims['oid'])
    expect(claims).not.toHaveProperty('scp')
    expect(headerOf(answer['access_token'] as string)).not.toHaveProperty('x5t')
  })

  it('answer without scope, client_info, id_token and refresh token', async () => {
    const { body: answer } = await postToken(emulator, { ...body, client_info: '1' })
    expect(Object.keys(answer).sort()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'token_type'])
  })

  it('give a token of an hour to an hour and a half, and without any role where none is assigned', async () => {
    const { body: answer } = await postToken(emulator, { ...body, scope: `${legacyApi}/.default` })
    const claims = claimsOf(answer['access_token'] as string)
    expect(answer['expires_in']).toBeGreaterThanOrEqual(3600)
    expect(answer['expires_in']).toBeLessThanOrEqual(5400)
    expect(claims).not.toHaveProperty('roles')
    expect(claims).not.toHaveProperty('idtyp')
  })

  it('give a v1 token with the audience as it was asked for', async () => {
    const { body: answer } = await postToken(emulator, {
      ...body,
      scope: 'api://legacy.contoso.com/.default',
    })
    const token = answer['access_token'] as string
    expect(claimsOf(token)).toMatchObject({
      aud: 'api://legacy.contoso.com',
      iss: `${emulator.origin}/${contoso}/`,
      ver: '1.0',
      appid: daemon,
      appidacr: '1',
    })
    expect(headerOf(token)['x5t']).toBe(headerOf(token)['kid'])
  })

  it('answer with strings on the v1 endpoint', async () => {
    const { body: answer } = await postToken(
      emulator,
      { ...without(body, 'scope'), resource: todoApi },
      { version: '' },
    )
    expect(answer).toMatchObject({ resource: todoApi, token_type: 'Bearer' })
    expect(answer['expires_in']).toMatch(/^\d+$/)
    expect(answer['expires_on']).toBe(String(claimsOf(answer['access_token'] as string)['exp']))
  })

  it('accept the credentials in the Authorization header', async () => {
    const rest = without(body, 'client_id', 'client_secret')
    const authorization = `Basic ${Buffer.from(`${daemon}:${encodeURIComponent(daemonSecret)}`).toString('base64')}`
    const { status } = await postToken(emulator, rest, { headers: { authorization } })
    expect(status).toBe(200)
  })

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['a named scope', { scope: `api://${todoApi}/Tasks.ReadWrite` }, 400, 'invalid_scope', 1002012],
    ['an unknown API', { scope: 'api://nobody/.default' }, 400, 'invalid_resource', 500011],
    ['two APIs', { scope: `api://${todoApi}/.default ${legacyApi}/.default` }, 400, 'invalid_request', 28000],
    ['no scope', { scope: '' }, 400, 'invalid_request', 900144],
    [
      'an unknown client',
      { client_id: 'a0000000-0000-4000-8000-00000000ffff' },
      400,
      'unauthorized_client',
      700016,
    ],
    ['a client id that is none', { client_id: 'daemon' }, 400, 'unauthorized_client', 700038],
    ['a secret from a public client', { client_id: webClient }, 401, 'invalid_client', 700025],
    [
      'an unknown grant',
      { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' },
      400,
      'unsupported_grant_type',
      70003,
    ],
    ['no grant', { grant_type: '' }, 400, 'invalid_request', 900144],
  ])('refuse %s', async (_, changes, status, error, code) => {
    const answer = await postToken(emulator, { ...body, ...changes })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error, error_codes: [code] })
    expect(answer.body['error_description']).toMatch(new RegExp(`^AADSTS${String(code)}: `))
  })

  it('refuse a client without any credential', async () => {
    const rest = without(body, 'client_secret')
    const { body: answer } = await postToken(emulator, rest)
    expect(answer).toMatchObject({ error: 'invalid_client', error_codes: [7000216] })
  })

  it('refuse common, an unknown tenant and a tenant that the client is not in', async () => {
    expect((await postToken(emulator, body, { tenant: 'common' })).body['error_codes']).toEqual([90019])
    expect((await postToken(emulator, body, { tenant: 'nowhere.example' })).body['error_codes']).toEqual([
      90002,
    ])
    expect(
      (await postToken(emulator, body, { tenant: 'fabrikam.onmicrosoft.com' })).body['error_codes'],
    ).toEqual([700016])
  })

  it('refuse a parameter that is there twice, another content type and another method', async () => {
    const url = `${emulator.origin}/${contoso}/oauth2/v2.0/token`
    const form = new URLSearchParams(body)
    form.append('scope', 'again')
    const twice = await fetch(url, { method: 'POST', body: form })
    expect(await twice.json()).toMatchObject({ error_codes: [9000411] })
    const json = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    expect(await json.json()).toMatchObject({ error_codes: [900144] })
    const get = await fetch(url)
    expect(await get.json()).toMatchObject({ error_codes: [900561] })
  })

  it('explain an error member by member as Entra does', async () => {
    const id = '11111111-2222-4333-8444-555555555555'
    const { headers, body: answer } = await postToken(emulator, {
      ...body,
      client_secret: 'wrong',
      'client-request-id': id,
    })
    expect(Object.keys(answer)).toEqual([
      'error',
      'error_description',
      'error_codes',
      'timestamp',
      'trace_id',
      'correlation_id',
      'error_uri',
    ])
    expect(answer['correlation_id']).toBe(id)
    expect(answer['trace_id']).toBe(headers.get('x-ms-request-id'))
    expect(answer['timestamp']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    expect(answer['error_uri']).toBe(`${emulator.origin}/error?code=7000215`)
    const ids = `Trace ID: ${String(answer['trace_id'])} Correlation ID: ${id} Timestamp: ${String(answer['timestamp'])}`
    expect(answer['error_description']).toContain(ids)
  })

  it('need an assignment where the API requires one', async () => {
    const applications = defaultDirectory.applications.map((it) =>
      it.id === todoApi ? { ...it, appRoleAssignmentRequired: true } : it,
    )
    const strict = await createEmulator({
      directory: { ...defaultDirectory, applications, appRoleAssignments: [] },
    })
    const { body: answer } = await postToken(strict, body)
    await strict.stop()
    expect(answer).toMatchObject({ error: 'invalid_grant', error_codes: [501051] })
  })

  it('tell an expired secret from a wrong one, and accept any of several', async () => {
    const secrets = [{ value: 'old', expires: '2020-01-01T00:00:00Z' }, { value: 'new' }]
    const applications = defaultDirectory.applications.map((it) =>
      it.id === middleTier ? { ...it, secrets } : it,
    )
    const rolling = await createEmulator({ directory: { ...defaultDirectory, applications } })
    const ask = (secret: string) =>
      postToken(rolling, { ...body, client_id: middleTier, client_secret: secret })
    const [old, current] = [await ask('old'), await ask('new')]
    await rolling.stop()
    expect(old.body).toMatchObject({ error: 'invalid_client', error_codes: [7000222] })
    expect(current.status).toBe(200)
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/client-credentials.txt')
})
