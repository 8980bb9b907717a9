// A change by hand in the portal is that difference, and no other, for everything that a definition can say.
import { describe, expect, it } from 'vitest'
import type { ApplicationDefinition } from '../../src/registration/definition.ts'
import { clientIdOf } from '../../src/registration/resolve-applications.ts'
import { application, byHand } from './by-hand.ts'
import { startMadeOfFile, type Expected, type Json, type Send } from './made-of-file.ts'
import { submit } from './portal-form.ts'
import { solution } from './solution.ts'

const apiId = clientIdOf(solution, 'api')
const pageId = clientIdOf(solution, 'page')
const derived = expect.stringMatching(/^[0-9a-f-]{36}$/) as string
const made = startMadeOfFile()

it('has something of every member of a definition', () => {
  const members: Readonly<Record<Exclude<keyof ApplicationDefinition, 'clientId'>, true>> = {
    displayName: true,
    signInAudience: true,
    identifierUris: true,
    tokenVersion: true,
    scopes: true,
    appRoles: true,
    optionalClaims: true,
    groupClaims: true,
    redirectUris: true,
    idTokenIssuance: true,
    publicClientFlows: true,
    downstream: true,
    knownClients: true,
    preAuthorizedClients: true,
    agents: true,
  }
  const changed = byHand.flatMap(([, , , , expected]) => expected.map(([, what]) => what.split('.')[0]))
  for (const member of Object.keys(members)) expect(changed).toContain(member)
})

describe('a change by hand in the portal is that difference, and no other', () => {
  it.each(byHand)('%s', async (_, path, form, changes, expected) => {
    await submit(made.emulator, path, form, changes)
    expect(new Set(await made.rows())).toEqual(new Set(expected))
  })

  it('a scope that was made anew: another id, another text', async () => {
    await submit(made.emulator, application('api', '/api'), 'Scopes', { 'remove-scope': 'access_as_user' })
    const added = { value: 'access_as_user', description: 'Anything', adminOnly: null, do: 'add-scope' }
    await submit(made.emulator, application('api', '/api'), 'Add a scope', added)
    expect(await made.rows()).toEqual([
      ['api', 'scopes.access_as_user.id', derived, derived],
      ['api', 'scopes.access_as_user.description', 'Use the API on your behalf', 'Anything'],
    ])
  })

  it('a scope and a role that are the same but for who consents, and what they are called', async () => {
    const path = application('tasks', '/api')
    await submit(made.emulator, path, 'App roles', { 'remove-role': 'Tasks.Read.All' })
    await submit(made.emulator, path, 'Scopes', { 'remove-scope': 'Tasks.ReadWrite' })
    const scope = { value: 'Tasks.ReadWrite', description: 'Read and change your tasks', do: 'add-scope' }
    await submit(made.emulator, path, 'Add a scope', { ...scope, adminOnly: 'on' })
    await submit(made.emulator, path, 'Add a role', {
      value: 'Tasks.Read.All',
      description: 'All',
      do: 'add-role',
    })
    expect((await made.rows()).filter(([, what]) => !what.endsWith('.id'))).toEqual([
      ['tasks', 'scopes.Tasks.ReadWrite', 'User', 'Admin'],
      ['tasks', 'appRoles.Tasks.Read.All.description', 'Read the tasks of all users', 'All'],
    ])
  })
})

describe('what the portal of the emulator cannot be told is a difference, too', () => {
  const api = (application: Json): Json => application['api'] as Json
  const first = (list: unknown): Json => (list as Json[])[0] ?? {}

  it.each<[string, string, (application: Json) => void, readonly Expected[]]>([
    [
      'access tokens from the authorize endpoint',
      pageId,
      (it) => {
        it['web'] = {
          redirectUris: [],
          implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
        }
      },
      [['page', 'accessTokenIssuance', undefined, 'true']],
    ],
    [
      'the text that users see',
      apiId,
      (it) => (first(api(it)['oauth2PermissionScopes'])['userConsentDescription'] = 'Harmless'),
      [
        [
          'api',
          'scopes.access_as_user.description',
          'Use the API on your behalf',
          'Use the API on your behalf | Harmless',
        ],
      ],
    ],
    [
      'a role that is disabled, and for applications alone',
      clientIdOf(solution, 'tasks'),
      (it) => Object.assign(first(it['appRoles']), { isEnabled: false, allowedMemberTypes: ['Application'] }),
      [
        ['tasks', 'appRoles.Tasks.Read.All', 'Application, User', 'Application'],
        ['tasks', 'appRoles.Tasks.Read.All.disabled', undefined, 'yes'],
      ],
    ],
    [
      'a claim that is essential',
      pageId,
      (it) => (first((it['optionalClaims'] as Json)['idToken'])['essential'] = true),
      [['page', 'optionalClaims.idToken.sid', 'yes', 'yes, essential']],
    ],
    [
      'a blueprint that is none',
      clientIdOf(solution, 'assistant'),
      (it) => delete it['@odata.type'],
      [
        ['assistant', 'agents', 'blueprint', undefined],
        ['assistant', 'agents.booking', 'Booking agent', undefined],
        ['assistant', 'agents.travel', 'Travel agent', undefined],
        ['assistant', `inherited.${clientIdOf(solution, 'tasks')}`, 'all', undefined],
        ['assistant', 'inherited.00000003-0000-0000-c000-000000000000', 'all', undefined],
      ],
    ],
    ['ids and group claims in another case', apiId, (it) => (it['groupMembershipClaims'] = 'None'), []],
  ])('%s', async (_, id, change, expected) => {
    const graph: Send = async (input, init) => {
      const answer = (await (await fetch(input, init)).json()) as { value?: Json[] }
      for (const each of answer.value ?? [])
        if (each['appId'] === id && input.includes('/applications')) change(each)
      return Response.json(answer)
    }
    expect(await made.rows(graph)).toEqual(expected)
  })

  it('fewer permissions that agents inherit', async () => {
    const [graphId, tasks] = ['00000003-0000-0000-c000-000000000000', clientIdOf(solution, 'tasks')]
    const graph: Send = async (input, init) => {
      if (!input.endsWith('/inheritablePermissions')) return fetch(input, init)
      const scopes = { '@odata.type': 'microsoft.graph.enumeratedScopes', scopes: ['b', 'a'] }
      const none = { '@odata.type': '#microsoft.graph.noScopes' }
      return Response.json({
        value: [
          { resourceAppId: graphId, inheritableScopes: scopes },
          { resourceAppId: tasks, inheritableScopes: none },
        ],
      })
    }
    expect(await made.rows(graph)).toEqual([
      ['assistant', `inherited.${tasks}`, 'all', undefined],
      ['assistant', `inherited.${graphId}`, 'all', 'a, b'],
    ])
  })

  it('reads the agents of every page, and takes the token to no other host', async () => {
    const paged =
      (next: string): Send =>
      async (input, init) => {
        const answer = await fetch(input, init)
        if (!input.includes('microsoft.graph.agentIdentity?')) return answer
        const { value } = (await answer.json()) as { value: Json[] }
        const isFirst = !input.includes('skip')
        return Response.json(
          isFirst ? { value: value.slice(0, 1), '@odata.nextLink': next } : { value: value.slice(1) },
        )
      }
    const path = 'servicePrincipals/microsoft.graph.agentIdentity?$filter='
    const filter = encodeURIComponent(`agentIdentityBlueprintId eq '${clientIdOf(solution, 'assistant')}'`)
    expect(await made.rows(paged(`${made.emulator.origin}/v1.0/${path}${filter}&skip`))).toEqual([])
    await expect(made.rows(paged(`https://elsewhere.example/v1.0/${path}`))).rejects.toMatchObject({
      name: 'GraphRefusal',
      message: expect.stringContaining('somewhere else') as string,
    })
  })
})
