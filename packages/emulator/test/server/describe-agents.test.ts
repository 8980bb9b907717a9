// What the request log says of agents: who acted, for whom, with which tokens; also when they are refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RequestRecord } from '../../src/index.ts'
import {
  agent,
  alice,
  assistant,
  assistantId,
  blueprint,
  claimsOf,
  daemon,
  exchangeScope,
  exchangeToken,
  forAgent,
  postToken,
  provedBy,
  todoApi,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
let t1: string
beforeAll(async () => {
  emulator = await createEmulator()
  t1 = await exchangeToken(emulator)
})
afterAll(() => emulator.stop())

async function recordOf(form: Record<string, string>): Promise<RequestRecord> {
  await postToken(emulator, form)
  return emulator.requests.list({ endpoint: 'token' }).at(-1)!
}

const tasks = `api://${todoApi}/Tasks.ReadWrite`

describe('the request log', () => {
  it('says for which agent a blueprint asked, and what it got', async () => {
    const record = await recordOf(forAgent())
    expect(record).toMatchObject({
      clientId: blueprint,
      agent: 'Contoso Assistant',
      resource: 'Azure AD Token Exchange',
      issued: { aud: blueprint },
      status: 200,
    })
    expect(await recordOf(forAgent({ client_secret: 'wrong' }))).toMatchObject({
      agent: 'Contoso Assistant',
      error: [7000215],
    })
    expect((await recordOf(forAgent({ fmi_path: 'nobody' }))).agent).toBeUndefined()
  })

  it('says which agent acted by itself, and on behalf of whom', async () => {
    const alone = await recordOf({
      ...provedBy(t1),
      grant_type: 'client_credentials',
      scope: `${todoApi}/.default`,
    })
    expect(alone).toMatchObject({ clientId: agent, agent: 'Contoso Assistant', resource: 'To Do API' })
    expect(alone).not.toMatchObject({ user: expect.anything() as unknown })
    const assertion = await emulator.mint({
      user: alice,
      client: webClient,
      audience: blueprint,
      scopes: ['access_agent'],
    })
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const form = { grant_type, requested_token_use: 'on_behalf_of', assertion, scope: tasks }
    expect(await recordOf({ ...provedBy(t1), ...form })).toMatchObject({
      agent: 'Contoso Assistant',
      user: alice,
      scopes: ['Tasks.ReadWrite'],
      presented: { aud: blueprint },
    })
  })

  it.each([{ username: assistant }, { user_id: assistantId }])(
    'says which user account it took: %j',
    async (user) => {
      const own = await postToken(emulator, {
        ...provedBy(t1),
        grant_type: 'client_credentials',
        scope: exchangeScope,
      })
      const form = {
        grant_type: 'user_fic',
        user_federated_identity_credential: own.body['access_token'] as string,
      }
      const served = await recordOf({ ...provedBy(t1), ...form, ...user, scope: tasks })
      expect(served).toMatchObject({ agent: 'Contoso Assistant', user: assistant, presented: { aud: agent } })
      const refused = await recordOf({ ...provedBy('x'), ...form, ...user, scope: tasks })
      expect(refused).toMatchObject({ agent: 'Contoso Assistant', user: assistant, error: [7000151] })
    },
  )

  it('says each check of an agent: by itself, for a person, as its own account', async () => {
    const checksOf = async (form: Record<string, string>): Promise<readonly string[]> => {
      const { checks = [] } = await recordOf({ ...provedBy(t1), ...form })
      expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
      return checks.map(({ name }) => name)
    }
    const first = ['form', 'tenant', 'grant_type', 'client', 'client_authentication']
    const alone = { grant_type: 'client_credentials', scope: exchangeScope }
    expect(await checksOf(alone)).toEqual([...first, 'token'])
    const t2 = (await postToken(emulator, { ...provedBy(t1), ...alone })).body['access_token'] as string
    const asUser = { grant_type: 'user_fic', username: assistant, scope: tasks }
    expect(await checksOf({ ...asUser, user_federated_identity_credential: t2 })).toEqual([
      ...[...first, 'agent', 'token_form', 'audience', 'signature', 'expired', 'resource', 'user'],
      ...['assignment', 'consent', 'policies', 'token'],
    ])
    const assertion = await emulator.mint({
      ...{ user: alice, client: webClient, audience: blueprint, scopes: ['access_agent'] },
    })
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const form = { grant_type, requested_token_use: 'on_behalf_of', assertion, scope: tasks }
    expect(await checksOf(form)).toEqual([
      ...[...first, 'token_form', 'token_kind', 'signature', 'tenant_id', 'expired', 'audience'],
      ...['permissions', 'resource', 'user', 'assignment', 'consent', 'policies', 'token'],
    ])
  })

  it('takes names of users from no other grant', async () => {
    expect(
      (await recordOf({ grant_type: 'client_credentials', client_id: daemon, username: alice })).user,
    ).toBeUndefined()
  })
})

describe('mint', () => {
  it('makes the tokens of agents: for a person, for their account, for themselves', async () => {
    const forPerson = claimsOf(
      await emulator.mint({ user: alice, client: agent, audience: todoApi, scopes: ['x'] }),
    )
    expect(forPerson).toMatchObject({
      azp: agent,
      azpacr: '2',
      idtyp: 'user',
      scp: 'x',
      xms_par_app_azp: blueprint,
    })
    const forAccount = claimsOf(await emulator.mint({ user: assistant, client: agent, audience: todoApi }))
    expect(forAccount).toMatchObject({ oid: assistantId, idtyp: 'user' })
    expect(String(forAccount['xms_sub_fct']).split(' ')).toContain('13')
    const alone = claimsOf(await emulator.mint({ client: agent, audience: todoApi, version: 1 }))
    expect(alone).toMatchObject({
      appid: agent,
      appidacr: '2',
      idtyp: 'app',
      oid: agent,
      roles: ['Tasks.Read.All'],
      scp: '/',
      xms_par_app_azp: blueprint,
    })
    expect(
      claimsOf(await emulator.mint({ client: agent, audience: todoApi, clientLevel: '1' }))['azpacr'],
    ).toBe('1')
  })

  it('says of the account of an agent what it is, whoever acts for it, and of others nothing', async () => {
    const byApplication = claimsOf(
      await emulator.mint({ user: assistant, client: daemon, audience: todoApi }),
    )
    expect(String(byApplication['xms_sub_fct']).split(' ')).toContain('13')
    const person = claimsOf(await emulator.mint({ user: alice, client: daemon, audience: todoApi }))
    for (const claims of [byApplication, person])
      for (const name of ['xms_act_fct', 'xms_par_app_azp', 'xms_idrel'])
        expect(claims).not.toHaveProperty(name)
    expect(person).not.toHaveProperty('xms_sub_fct')
  })

  it('says of a guest that an agent acts for how it belongs to the tenant', async () => {
    const guest = await emulator.mint({
      user: 'carol@fabrikam.onmicrosoft.com',
      tenant: 'contoso.com',
      client: agent,
      audience: todoApi,
    })
    expect(claimsOf(guest)['xms_idrel']).toBe('5')
  })
})
