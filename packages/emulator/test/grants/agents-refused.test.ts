// Agents that are refused: by whom they are proved, for whom they act, and what they were never granted.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createEmulator,
  defaultDirectory,
  type DirectoryData,
  type Emulator,
  type MintRequest,
} from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  agent,
  alice,
  assistant,
  assistantId,
  blueprint,
  blueprintSecret,
  bob,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  exchangeScope,
  exchangeToken,
  fabrikam,
  forAgent,
  graph,
  middleTier,
  middleTierSecret,
  postToken,
  provedBy,
  todoApi,
  webClient,
  without,
  type TokenAnswer,
} from '../scenario.ts'

const sister = 'a0000000-0000-4000-8000-0000000000a1'
const abroad = 'a0000000-0000-4000-8000-0000000000a2'
const otherBlueprint = 'a0000000-0000-4000-8000-0000000000b1'
const others = 'a0000000-0000-4000-8000-0000000000b2'
const sistersAccount = 'sister@contoso.onmicrosoft.com'
const child = (id: string, blueprintId: string, tenantId = contoso) => ({
  id,
  displayName: `Agent ${id.slice(-2)}`,
  blueprintId,
  tenantId,
})
const directory: DirectoryData = {
  ...defaultDirectory,
  applications: [
    ...defaultDirectory.applications,
    {
      id: otherBlueprint,
      displayName: 'Other blueprint',
      tenantId: contoso,
      secrets: [{ value: 'other' }],
      agentBlueprint: {},
    },
  ],
  agentIdentities: [
    ...defaultDirectory.agentIdentities!,
    child(sister, blueprint),
    child(abroad, blueprint, fabrikam),
    child(others, otherBlueprint),
  ],
  users: [
    ...defaultDirectory.users,
    {
      id: 'c0000000-0000-4000-8000-0000000000e2',
      tenantId: contoso,
      username: sistersAccount,
      displayName: 'Sister',
      agentIdentityId: sister,
    },
  ],
}

let emulator: Emulator
let t1: string
let t2: string
beforeAll(async () => {
  emulator = await createEmulator({ directory })
  t1 = await exchangeToken(emulator)
  t2 = (await ask({ scope: exchangeScope })).body['access_token'] as string
})
afterAll(() => emulator.stop())
afterEach(() => emulator.directory.setAgentEnabled(agent, true))

const byOther = { client_id: otherBlueprint, client_secret: 'other' }
const tasks = `api://${todoApi}/Tasks.ReadWrite`

/** The agent by itself. */
function ask(changes: Record<string, string> = {}, tenant = contoso): Promise<TokenAnswer> {
  const form = { grant_type: 'client_credentials', scope: `api://${todoApi}/.default` }
  return postToken(emulator, { ...provedBy(t1), ...form, ...changes }, { tenant })
}

/** The agent through its user account. */
function askAsUser(changes: Record<string, string> = {}): Promise<TokenAnswer> {
  const form = { grant_type: 'user_fic', scope: tasks, username: assistant }
  return postToken(emulator, { ...provedBy(t1), user_federated_identity_credential: t2, ...form, ...changes })
}

/** The agent on behalf of a user. */
async function askFor(
  changes: Record<string, string> = {},
  mint: Partial<MintRequest> = {},
): Promise<TokenAnswer> {
  const assertion = await emulator.mint({
    user: alice,
    client: webClient,
    audience: blueprint,
    scopes: ['access_agent'],
    ...mint,
  })
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const form = { grant_type, requested_token_use: 'on_behalf_of', assertion, scope: tasks }
  return postToken(emulator, { ...provedBy(t1), ...form, ...changes })
}

const refused = (error: string, code: number): object => ({ error, error_codes: [code] })

/** The exchange token with some of it changed. */
const forged = (claims: Record<string, unknown>, more: Partial<MintRequest> = {}): Promise<string> =>
  emulator.mint({
    client: blueprint,
    audience: blueprint,
    ...more,
    claims: { ...claimsOf(t1), roles: undefined, ...claims },
  })

describe('an agent is refused', () => {
  it.each<[string, () => Promise<string>, number]>([
    ['of another tenant', () => exchangeToken(emulator, {}, fabrikam), 700211],
    ['of another blueprint', () => exchangeToken(emulator, byOther), 700212],
    ['of an application that is no blueprint', () => daemonsToken(), 700212],
    ['for another agent of the same blueprint', () => exchangeToken(emulator, { fmi_path: sister }), 700213],
    ['for nobody', () => exchangeToken(emulator, { fmi_path: 'nobody' }), 700213],
    ['that is its own', () => Promise.resolve(t2), 700212],
    ['that is a token of its blueprint for itself', () => blueprintsToken(), 700213],
    ['that has expired', () => forged({ exp: now() - 400, nbf: now() - 4000 }), 700024],
    ['that another key signed', () => forged({}, { withForeignKey: true }), 700027],
    ['whose issuer is elsewhere', () => forged({ iss: 'https://sts.evil.example/' }), 700211],
    ['that is none', () => Promise.resolve('nonsense'), 7000151],
  ])('with an exchange token %s', async (_, get, code) => {
    const exchange = await get()
    expect((await ask(provedBy(exchange))).body).toMatchObject(refused('invalid_client', code))
    expect((await askFor(provedBy(exchange))).body).toMatchObject(refused('invalid_client', code))
    expect((await askAsUser(provedBy(exchange))).body).toMatchObject(refused('invalid_client', code))
  })

  it('with an exchange token five minutes after its end, and not before', async () => {
    const { exp } = claimsOf(t1)
    const untilEnd = (exp as number) - now()
    const at = async (seconds: number): Promise<TokenAnswer> => {
      emulator.clock.advance(seconds)
      const answer = await ask()
      emulator.clock.advance(-seconds)
      return answer
    }
    expect((await at(untilEnd + 200)).status).toBe(200)
    expect((await at(untilEnd + 310)).body).toMatchObject(refused('invalid_client', 700024))
  })

  it('with a credential of its own, and with none', async () => {
    const { client_id } = provedBy('')
    const grant = {
      grant_type: 'client_credentials',
      scope: `api://${todoApi}/.default`,
      client_id: client_id!,
    }
    const bySecret = await postToken(emulator, { ...grant, client_secret: blueprintSecret })
    expect(bySecret.body).toMatchObject(refused('invalid_client', 7000215))
    const selfSigned = await emulator.mint({
      client: daemon,
      audience: todoApi,
      claims: { iss: agent, sub: agent },
    })
    expect((await ask(provedBy(selfSigned))).body).toMatchObject(refused('invalid_client', 700027))
    expect((await postToken(emulator, grant)).body).toMatchObject(refused('invalid_client', 7000216))
    const unproved = without(provedBy(''), 'client_assertion', 'client_assertion_type')
    const form = { grant_type: 'user_fic', user_federated_identity_credential: t2, username: assistant }
    const asUser = await postToken(emulator, { ...unproved, ...form, scope: tasks })
    expect(asUser.body).toMatchObject(refused('invalid_client', 7000218))
  })

  it('outside its tenant, and by way of common', async () => {
    expect((await ask({}, fabrikam)).body).toMatchObject(refused('unauthorized_client', 700016))
    expect((await ask({}, 'common')).body).toMatchObject(refused('invalid_request', 90019))
    const atCommon = await postToken(emulator, forAgent(), { tenant: 'common' })
    expect(atCommon.body).toMatchObject(refused('invalid_request', 90019))
    await emulator.directory.consents.grant({
      tenantId: fabrikam,
      clientId: agent,
      resourceId: todoApi,
      scopes: ['Tasks.ReadWrite'],
    })
    expect((await ask({}, fabrikam)).body).toMatchObject(refused('unauthorized_client', 700016))
  })

  it('from the moment that it is disabled, until it is enabled', async () => {
    emulator.directory.setAgentEnabled(agent, false)
    for (const answer of [await ask(), await askFor(), await askAsUser()])
      expect(answer.body).toMatchObject(refused('unauthorized_client', 7000112))
    emulator.directory.setAgentEnabled(agent.toUpperCase(), true)
    expect((await ask()).status).toBe(200)
  })

  it('once it is deleted, its user account included', async () => {
    const doomed = child('a0000000-0000-4000-8000-0000000000a9', blueprint)
    emulator.directory.addAgent(doomed)
    const proof = provedBy(await exchangeToken(emulator, { fmi_path: doomed.id }), doomed.id)
    expect((await ask(proof)).status).toBe(200)
    expect(emulator.directory.removeAgent(doomed.id)).toBe(true)
    expect(emulator.directory.removeAgent(doomed.id)).toBe(false)
    expect((await ask(proof)).body).toMatchObject(refused('unauthorized_client', 700016))
  })

  it('below a blueprint that is disabled', async () => {
    const applications = defaultDirectory.applications.map((it) =>
      it.id === blueprint ? { ...it, enabled: false } : it,
    )
    const disabled = await createEmulator({ directory: { ...defaultDirectory, applications } })
    const answer = await postToken(disabled, {
      ...provedBy(t1),
      grant_type: 'client_credentials',
      scope: `api://${todoApi}/.default`,
    })
    await disabled.stop()
    expect(answer.body).toMatchObject(refused('unauthorized_client', 7000112))
    expect(answer.body['error_description']).toContain('Assistant blueprint')
  })
})

const now = (): number => Math.floor(emulator.clock.now() / 1000)

async function daemonsToken(): Promise<string> {
  return exchangeToken(emulator, { client_id: daemon, client_secret: daemonSecret })
}

async function blueprintsToken(): Promise<string> {
  const { body } = await postToken(emulator, forAgent({ scope: `${blueprint}/.default` }))
  return body['access_token'] as string
}

describe('a blueprint', () => {
  it('names the agent that it asks for', async () => {
    const answer = await postToken(emulator, without(forAgent(), 'fmi_path'))
    expect(answer.body).toMatchObject(refused('invalid_request', 900144))
    expect(answer.body['error_description']).toContain("'fmi_path'")
  })

  it.each<[string, Record<string, string>, string, number]>([
    ['another API', { scope: `${exchangeScope} ${tasks}` }, 'invalid_request', 28000],
    [
      'another API by .default',
      { scope: `api://${todoApi}/.default ${exchangeScope}` },
      'invalid_request',
      28000,
    ],
    ['another resource', { resource: `api://${todoApi}` }, 'invalid_target', 9010010],
    ['the resource with a slash', { resource: 'api://AzureADTokenExchange/' }, 'invalid_target', 9010010],
  ])('gets no exchange token together with %s', async (_, changes, error, code) => {
    const answer = await postToken(emulator, forAgent({ scope: exchangeScope, ...changes }))
    expect(answer.body).toMatchObject(refused(error, code))
  })

  it('gets it beside the scopes of OpenID, and with its own resource', async () => {
    for (const changes of [
      { scope: `openid ${exchangeScope}` },
      { resource: 'api://AzureADTokenExchange' },
    ] as Record<string, string>[])
      expect((await postToken(emulator, forAgent({ scope: exchangeScope, ...changes }))).status).toBe(200)
  })

  it('gets no exchange token with a wrong secret, nor anybody without an agent', async () => {
    const wrong = await postToken(emulator, forAgent({ client_secret: 'wrong' }))
    expect(wrong.body).toMatchObject(refused('invalid_client', 7000215))
    const form = { client_id: daemon, client_secret: daemonSecret, grant_type: 'client_credentials' }
    const daemons = await postToken(emulator, { ...form, scope: exchangeScope })
    expect(daemons.body).toMatchObject(refused('invalid_resource', 500011))
  })

  it('asks for itself as any application does, fmi_path or not', async () => {
    const answer = await postToken(emulator, forAgent({ scope: `api://${todoApi}/.default` }))
    const claims = claimsOf(answer.body['access_token'] as string)
    expect(claims).toMatchObject({ aud: todoApi, azp: blueprint, idtyp: 'app' })
    expect(claims).not.toHaveProperty('xms_par_app_azp')
  })
})

describe('on behalf of a user', () => {
  it.each<[string, Partial<MintRequest>, Record<string, string>, string, number]>([
    ['a token for the agent', { claims: { aud: agent } }, {}, 'invalid_grant', 500131],
    ['a token for another API', { audience: middleTier }, {}, 'invalid_grant', 500131],
    ['a token that has expired', { lifetimeSeconds: -310 }, {}, 'invalid_grant', 500133],
    [
      'a token of an application',
      { user: undefined, claims: { scp: undefined, roles: ['x'] } },
      {},
      'unauthorized_client',
      7000114,
    ],
    ['a token with a slash for a scope', { claims: { scp: '/' } }, {}, 'unauthorized_client', 7000114],
    ['a token with an empty scope', { claims: { scp: '' } }, {}, 'unauthorized_client', 7000114],
    ['a scope that the blueprint was not granted', {}, { scope: 'Mail.Read' }, 'invalid_grant', 65001],
  ] as never)('%s is refused', async (_, mint, changes, error, code) => {
    expect((await askFor(changes, mint)).body).toMatchObject(refused(error, code))
  })

  it('a token for the blueprint by its URI is taken', async () => {
    expect((await askFor({}, { claims: { aud: `api://${blueprint}` } })).status).toBe(200)
  })

  it('of another API the blueprint’s token is no assertion', async () => {
    const bySecret = { client_id: middleTier, client_secret: middleTierSecret }
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
    }
    const assertion = await emulator.mint({
      user: bob,
      client: webClient,
      audience: blueprint,
      scopes: ['access_agent'],
    })
    const answer = await postToken(emulator, { ...bySecret, ...grant, assertion, scope: tasks })
    expect(answer.body).toMatchObject(refused('invalid_grant', 500131))
  })
})

describe('what the blueprint was granted', () => {
  const mail = { tenantId: contoso, clientId: blueprint, resourceId: graph, scopes: ['Mail.Read'] }

  it('counts for its agents as soon as it is granted, in the same tenant alone', async () => {
    await emulator.directory.consents.grant({ ...mail, tenantId: fabrikam })
    expect((await askFor({ scope: 'Mail.Read' })).body).toMatchObject(refused('invalid_grant', 65001))
    await emulator.directory.consents.grant(mail)
    expect((await askFor({ scope: 'Mail.Read' })).status).toBe(200)
    await emulator.directory.consents.revoke({ ...mail, scopes: ['Mail.Read'] })
    expect((await askFor({ scope: 'Mail.Read' })).body).toMatchObject({ suberror: 'consent_required' })
  })

  it('counts for the user who granted it', async () => {
    const userId = emulator.directory.findUser(bob)!.id
    await emulator.directory.consents.grant({ ...mail, userId })
    expect((await askFor({ scope: 'Mail.Read' }, { user: bob })).status).toBe(200)
    expect((await askFor({ scope: 'Mail.Read' })).body).toMatchObject(refused('invalid_grant', 65001))
    await emulator.directory.consents.revoke({ ...mail, userId, scopes: ['Mail.Read'] })
  })

  it.each<[string, DirectoryData['applications'][number]['agentBlueprint'], readonly [number, number]]>([
    ['nothing', {}, [400, 400]],
    ['nothing of this API', { inheritablePermissions: [{ resourceId: graph, scopes: 'all' }] }, [400, 400]],
    ['another scope', { inheritablePermissions: [{ resourceId: todoApi, scopes: ['Other'] }] }, [400, 400]],
    [
      'this scope',
      { inheritablePermissions: [{ resourceId: todoApi, scopes: ['Tasks.ReadWrite'] }] },
      [200, 200],
    ],
    ['everything', { inheritablePermissions: [{ resourceId: todoApi, scopes: 'all' }] }, [200, 200]],
  ])('is handed down where the blueprint says so: %s', async (_, agentBlueprint, statuses) => {
    const applications = defaultDirectory.applications.map((it) =>
      it.id === blueprint ? { ...it, agentBlueprint: agentBlueprint! } : it,
    )
    const other = await createEmulator({ directory: { ...defaultDirectory, applications } })
    const assertion = await other.mint({
      user: alice,
      client: webClient,
      audience: blueprint,
      scopes: ['access_agent'],
    })
    const proof = provedBy(await exchangeToken(other))
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
    }
    const ofScope = (scope: string) => postToken(other, { ...proof, ...grant, assertion, scope })
    const answers = [await ofScope(tasks), await ofScope(`api://${todoApi}/.default`)]
    await other.stop()
    expect(answers.map(({ status }) => status)).toEqual(statuses)
  })

  it('is not needed for what an agent was granted itself, which counts for no other', async () => {
    await emulator.directory.consents.grant({ ...mail, clientId: agent })
    expect((await askFor({ scope: 'Mail.Read' })).status).toBe(200)
    const proof = provedBy(await exchangeToken(emulator, { fmi_path: sister }), sister)
    expect((await askFor({ ...proof, scope: 'Mail.Read' })).body).toMatchObject(
      refused('invalid_grant', 65001),
    )
    await emulator.directory.consents.revoke({ ...mail, clientId: agent, scopes: ['Mail.Read'] })
  })

  it('gives an agent no role: those are its own', async () => {
    const proof = provedBy(await exchangeToken(emulator, { fmi_path: sister }), sister)
    emulator.directory.assignRole({
      tenantId: contoso,
      principalId: blueprint,
      resourceId: todoApi,
      role: 'Tasks.Read.All',
    })
    expect(claimsOf((await ask(proof)).body['access_token'] as string)).not.toHaveProperty('roles')
  })
})

describe('a user account of an agent', () => {
  it.each<[string, Record<string, string>, string, number]>([
    ['another agent’s account', { username: sistersAccount }, 'invalid_client', 700213],
    ['a person', { username: alice }, 'invalid_client', 700213],
    ['a person by object id', { username: '', user_id: assistantId }, 'invalid_request', 900144],
    ['nobody', { username: 'nobody@contoso.com' }, 'invalid_grant', 50034],
    ['an object id for a name', { username: assistantId }, 'invalid_grant', 50034],
    ['a stranger to the tenant', { username: 'carol@nowhere.example' }, 'invalid_grant', 50034],
    ['no scope', { scope: '' }, 'invalid_request', 900144],
    ['two APIs', { scope: `${tasks} User.Read` }, 'invalid_request', 28000],
    ['OpenID scopes alone', { scope: 'openid' }, 'invalid_request', 28003],
    ['a scope that was not granted', { scope: 'Mail.Read' }, 'invalid_grant', 65001],
    ['another use', { requested_token_use: 'impersonation' }, 'unsupported_grant_type', 70003],
    ['no credential', { user_federated_identity_credential: '' }, 'invalid_request', 900144],
    ['a credential that is no token', { user_federated_identity_credential: 'x' }, 'invalid_request', 50027],
  ])('is not given for %s', async (_, changes, error, code) => {
    expect((await askAsUser(changes)).body).toMatchObject(refused(error, code))
  })

  it('is not given for a name in the place of its object id', async () => {
    const form = { grant_type: 'user_fic', scope: tasks, user_federated_identity_credential: t2 }
    const by = (user_id: string): Promise<TokenAnswer> =>
      postToken(emulator, { ...provedBy(t1), ...form, user_id })
    expect((await by(assistant)).body).toMatchObject(refused('invalid_grant', 50034))
    expect((await by(assistantId.toUpperCase())).status).toBe(200)
  })

  it('needs a user', async () => {
    const form = { grant_type: 'user_fic', scope: tasks, user_federated_identity_credential: t2 }
    const answer = await postToken(emulator, { ...provedBy(t1), ...form })
    expect(answer.body).toMatchObject(refused('invalid_request', 900144))
  })

  it.each<[string, () => Promise<string>, number]>([
    ['its blueprint’s exchange token', () => Promise.resolve(t1), 500131],
    ['another agent’s own exchange token', () => ownTokenOf(sister, {}), 500131],
    ['one for several', () => changedOwn({ aud: [agent] }), 500131],
    ['another subject', () => changedOwn({ sub: sister }), 50013],
    ['another tenant’s issuer', () => changedOwn({ iss: `${emulator.origin}/${fabrikam}/v2.0` }), 50013],
    ['another key', () => changedOwn({}, { withForeignKey: true }), 50013],
    ['one that has expired', () => changedOwn({ exp: now() - 310 }), 500133],
  ])('is not given for %s', async (_, get, code) => {
    const answer = await askAsUser({ user_federated_identity_credential: await get() })
    expect(answer.body).toMatchObject(refused('invalid_grant', code))
  })

  it('names the audience that was presented, and none where it is no text', async () => {
    const said = async (aud: unknown): Promise<unknown> =>
      (await askAsUser({ user_federated_identity_credential: await changedOwn({ aud }) })).body[
        'error_description'
      ]
    expect(await said(sister)).toContain(`was '${sister}' and the expected`)
    expect(await said([sister])).toContain(`was '' and the expected`)
    expect(
      emulator.requests
        .list()
        .at(-1)
        ?.checks?.find(({ name }) => name === 'audience'),
    ).toEqual({
      ...{ name: 'audience', verdict: 'failed', expected: agent, actual: '' },
    })
  })

  it('is not given once it is disabled', async () => {
    const user = emulator.directory.findUser(assistant)!
    emulator.directory.setEnabled(user, false)
    const answer = await askAsUser()
    emulator.directory.setEnabled(user, true)
    expect(answer.body).toMatchObject(refused('invalid_grant', 50057))
  })

  it('is no grant for ordinary applications', async () => {
    const form = { grant_type: 'user_fic', scope: tasks, username: assistant }
    const answer = await postToken(emulator, {
      ...form,
      client_id: middleTier,
      client_secret: middleTierSecret,
      user_federated_identity_credential: t2,
    })
    expect(answer.body).toMatchObject(refused('unauthorized_client', 7000114))
  })
})

async function ownTokenOf(id: string, changes: Record<string, string>): Promise<string> {
  const proof = provedBy(await exchangeToken(emulator, { fmi_path: id }), id)
  return (await ask({ ...proof, scope: exchangeScope, ...changes })).body['access_token'] as string
}

const changedOwn = (claims: Record<string, unknown>, more: Partial<MintRequest> = {}): Promise<string> =>
  emulator.mint({ client: agent, audience: todoApi, ...more, claims: { ...claimsOf(t2), ...claims } })

describe('a multi-tenant blueprint', () => {
  it('acts as its agent in the tenant of the caller', async () => {
    const carol = 'carol@fabrikam.onmicrosoft.com'
    const assertion = await emulator.mint({
      user: carol,
      client: webClient,
      audience: blueprint,
      scopes: ['access_agent'],
    })
    const proof = provedBy(await exchangeToken(emulator, { fmi_path: abroad }, fabrikam), abroad)
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
    }
    const form = { ...proof, ...grant, assertion, scope: tasks }
    const answer = await postToken(emulator, form, { tenant: fabrikam })
    expect(claimsOf(answer.body['access_token'] as string)).toMatchObject({ azp: abroad, tid: fabrikam })
    const atHome = { ...form, ...provedBy(t1) }
    expect((await postToken(emulator, atHome)).body).toMatchObject(refused('invalid_grant', 50013))
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/agents-refused.txt')
})
