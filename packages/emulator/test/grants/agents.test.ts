// Agents at the token endpoint: on behalf of a user, by themselves, and through their user accounts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  agent,
  alice,
  assistant,
  assistantId,
  blueprint,
  claimsOf,
  contoso,
  exchangeScope,
  exchangeToken,
  forAgent,
  headerOf,
  postToken,
  provedBy,
  todoApi,
  webClient,
  without,
  type Json,
  type TokenAnswer,
} from '../scenario.ts'

let emulator: Emulator
let t1: string
beforeAll(async () => {
  emulator = await createEmulator()
  t1 = await exchangeToken(emulator)
})
afterAll(() => emulator.stop())

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const tasks = `api://${todoApi}/Tasks.ReadWrite`
const aliceId = 'c0000000-0000-4000-8000-0000000000a1'

/** The token that a user's client sends to the API of the blueprint. */
const callersToken = (user = alice): Promise<string> =>
  emulator.mint({ user, client: webClient, audience: blueprint, scopes: ['access_agent'] })

async function onBehalf(changes: Record<string, string> = {}): Promise<TokenAnswer> {
  return postToken(emulator, {
    ...provedBy(t1),
    grant_type: jwtBearer,
    requested_token_use: 'on_behalf_of',
    assertion: await callersToken(),
    scope: tasks,
    ...changes,
  })
}

const byItself = (changes: Record<string, string> = {}): Promise<TokenAnswer> =>
  postToken(emulator, {
    ...provedBy(t1),
    grant_type: 'client_credentials',
    scope: `api://${todoApi}/.default`,
    ...changes,
  })

async function asUser(changes: Record<string, string> = {}): Promise<TokenAnswer> {
  const t2 = (await byItself({ scope: exchangeScope })).body['access_token'] as string
  return postToken(emulator, {
    ...provedBy(t1),
    grant_type: 'user_fic',
    user_federated_identity_credential: t2,
    requested_token_use: 'on_behalf_of',
    scope: tasks,
    ...changes,
  })
}

const accessOf = ({ body }: TokenAnswer): Json => claimsOf(body['access_token'] as string)
const facets = (claim: unknown): readonly string[] => String(claim).split(' ')

describe('an exchange token', () => {
  it('of a blueprint is for itself, and about the agent', () => {
    expect(headerOf(t1)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(claimsOf(t1)).toMatchObject({
      aud: blueprint,
      azp: blueprint,
      azpacr: '1',
      idtyp: 'app',
      iss: `${emulator.origin}/${contoso}/v2.0`,
      tid: contoso,
      ver: '2.0',
    })
    expect(claimsOf(t1)['sub']).toMatch(new RegExp(`^/eid1/c/pub/t/[\\w-]{22}/a/[\\w-]{22}/${agent}$`))
    for (const name of ['scp', 'roles', 'xms_act_fct', 'xms_par_app_azp'])
      expect(claimsOf(t1)).not.toHaveProperty(name)
  })

  it('of an agent is for itself, and about itself', async () => {
    const answer = await byItself({ scope: exchangeScope })
    expect(accessOf(answer)).toMatchObject({ aud: agent, azp: agent, sub: agent, oid: agent, tid: contoso })
    expect(Object.keys(answer.body).sort()).toEqual([
      'access_token',
      'expires_in',
      'ext_expires_in',
      'token_type',
    ])
  })

  it('is asked for by resource at the v1 endpoint', async () => {
    const form = { ...without(forAgent(), 'scope'), resource: 'api://AzureADTokenExchange' }
    const { body } = await postToken(emulator, form, { version: '' })
    expect(body['resource']).toBe('api://AzureADTokenExchange')
    expect(body['expires_in']).toMatch(/^\d+$/)
    expect(claimsOf(body['access_token'] as string)).toMatchObject({ aud: blueprint, ver: '2.0' })
  })

  it('lives as long as tokens do, and gives no other than its bearer a way in', async () => {
    const { iat, exp, nbf } = claimsOf(t1)
    expect(nbf).toBe(iat)
    expect((exp as number) - (iat as number)).toBeGreaterThanOrEqual(3600)
    const graph = await fetch(`${emulator.origin}/v1.0/me`, { headers: { authorization: `Bearer ${t1}` } })
    expect(graph.status).toBe(401)
  })

  it('is asked for by a scope of any case', async () => {
    const scope = 'api://AzureAdTokenExchange/.default'
    expect(claimsOf(await exchangeToken(emulator, { scope }))['aud']).toBe(blueprint)
    expect(accessOf(await byItself({ scope: scope.toUpperCase() }))['aud']).toBe(agent)
  })
})

describe('an agent', () => {
  it('acts on behalf of a user', async () => {
    const claims = accessOf(await onBehalf())
    expect(claims).toMatchObject({
      aud: todoApi,
      azp: agent,
      azpacr: '2',
      idtyp: 'user',
      oid: aliceId,
      scp: 'Tasks.ReadWrite',
      tid: contoso,
      xms_idrel: '1',
      xms_par_app_azp: blueprint,
    })
    expect(facets(claims['xms_act_fct'])).toContain('11')
    expect(facets(claims['xms_sub_fct'])).not.toContain('11')
    expect(facets(claims['xms_sub_fct'])).not.toContain('13')
    expect(claims).not.toHaveProperty('roles')
  })

  it('is told by the numbers that Entra gives, in whichever way it acts', async () => {
    const told = async (answer: Promise<TokenAnswer>): Promise<unknown> => {
      const claims = accessOf(await answer)
      return ['xms_act_fct', 'xms_sub_fct', 'xms_idrel', 'xms_tnt_fct'].map((name) => claims[name] as unknown)
    }
    expect(await told(onBehalf())).toEqual(['9 3 11', '2', '1', '3'])
    expect(await told(byItself())).toEqual(['9 3 11', '9 3 11', '7', '3'])
    expect(await told(asUser({ username: assistant }))).toEqual(['9 3 11', '13 2', '1', '3'])
  })

  it('refreshes with a fresh exchange token, and never without', async () => {
    const first = await onBehalf({ scope: `${tasks} openid profile offline_access`, client_info: '1' })
    expect(claimsOf(first.body['id_token'] as string)).toMatchObject({ aud: agent, oid: aliceId })
    const form = { grant_type: 'refresh_token', refresh_token: first.body['refresh_token'] as string }
    const fresh = await exchangeToken(emulator)
    const second = await postToken(emulator, { ...provedBy(fresh), ...form })
    expect(accessOf(second)).toMatchObject({ azp: agent, oid: aliceId, scp: 'Tasks.ReadWrite' })
    const unproved = await postToken(emulator, { client_id: agent, ...form })
    expect(unproved.body).toMatchObject({ error: 'invalid_client', error_codes: [7000218] })
  })

  it('acts by itself, with its own roles and a scope that is none', async () => {
    const claims = accessOf(await byItself())
    expect(claims).toMatchObject({
      aud: todoApi,
      azp: agent,
      idtyp: 'app',
      oid: agent,
      sub: agent,
      roles: ['Tasks.Read.All'],
      scp: '/',
      xms_idrel: '7',
      xms_par_app_azp: blueprint,
    })
    expect(facets(claims['xms_act_fct'])).toContain('11')
    expect(facets(claims['xms_sub_fct'])).toContain('11')
  })

  it.each([
    ['name', { username: assistant }],
    ['object id', { user_id: assistantId }],
    ['name, which comes before an object id', { username: assistant, user_id: aliceId }],
    ['name, in any case', { username: assistant.toUpperCase() }],
  ])('acts through its user account, by %s', async (_, user) => {
    const answer = await asUser(user)
    const claims = accessOf(answer)
    expect(claims).toMatchObject({
      aud: todoApi,
      azp: agent,
      idtyp: 'user',
      oid: assistantId,
      preferred_username: assistant,
      scp: 'Tasks.ReadWrite',
      xms_idrel: '1',
      xms_par_app_azp: blueprint,
    })
    expect(facets(claims['xms_act_fct'])).toContain('11')
    expect(facets(claims['xms_sub_fct'])).toContain('13')
    expect(facets(claims['xms_sub_fct'])).not.toContain('11')
  })

  it('need not say requested_token_use for its user account', async () => {
    const t2 = (await byItself({ scope: exchangeScope })).body['access_token'] as string
    const form = { grant_type: 'user_fic', user_federated_identity_credential: t2, user_id: assistantId }
    const answer = await postToken(emulator, { ...provedBy(t1), ...form, scope: `${tasks} offline_access` })
    expect(answer.status).toBe(200)
    expect(answer.body['refresh_token']).toBeTruthy()
  })

  it('is named in tokens of version 1 too', async () => {
    const graph = 'https://graph.microsoft.com/.default'
    for (const answer of [
      await onBehalf({ scope: graph }),
      await asUser({ scope: graph, username: assistant }),
    ])
      expect(accessOf(answer)).toMatchObject({
        ver: '1.0',
        appid: agent,
        idtyp: 'user',
        xms_par_app_azp: blueprint,
      })
    const claims = accessOf(await byItself({ scope: graph }))
    expect(claims).toMatchObject({ ver: '1.0', appid: agent, oid: agent, sub: agent, idtyp: 'app', scp: '/' })
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/agents.txt')
})
