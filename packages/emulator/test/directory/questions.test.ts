// What a directory answers is what was written down: who and what it finds, which address is registered, what is consented to and what is missing.
// `npx vitest run --project emulator packages/emulator/test/directory/questions.test.ts -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  administratorPermissions,
  missingPermissions,
  resolveGrant,
  wantedPermissions,
  type Permission,
} from '../../src/directory/permissions.ts'
import { differenceOf } from '../../src/directory/near-redirect-uri.ts'
import { findPlatform, isSpaOrigin } from '../../src/directory/redirect-uris.ts'
import { parseScopes } from '../../src/directory/scopes.ts'
import { createEmulator, type Application, type DirectoryData, type Emulator } from '../../src/index.ts'
import { AadstsError } from '../../src/kernel/aadsts-error.ts'
import {
  agent,
  alice,
  blueprint,
  bob,
  carol,
  commandLine,
  contoso,
  daemon,
  fabrikam,
  graph,
  host,
  middleTier,
  todoApi,
  webClient,
} from '../scenario.ts'
import { bare, full, fullDirectory } from '../portal/written/directory.ts'

const nobody = '99999999-0000-4000-8000-000000000009'
const off = '77777777-0000-4000-8000-000000000001'
const partly = '77777777-0000-4000-8000-000000000002'
const inheritor = '77777777-0000-4000-8000-000000000003'
const directory: DirectoryData = {
  ...fullDirectory,
  groups: [{ id: off, displayName: 'A group' }],
  applications: [
    ...fullDirectory.applications.map((each) => (each.id === full ? { ...each, enabled: true } : each)),
    {
      id: off,
      displayName: 'Off',
      tenantId: contoso,
      enabled: false,
      identifierUris: ['api://off'],
      scopes: [{ value: 'x' }],
    },
    {
      ...{ id: partly, displayName: 'Partly', tenantId: contoso },
      agentBlueprint: {
        inheritablePermissions: [
          { resourceId: todoApi, scopes: ['Tasks.ReadWrite'] },
          { resourceId: graph, scopes: ['Mail.Read'] },
        ],
      },
    },
  ],
  agentIdentities: [
    ...(fullDirectory.agentIdentities ?? []),
    { id: inheritor, displayName: 'Inheritor', blueprintId: partly, tenantId: contoso },
  ],
  consents: [
    ...(fullDirectory.consents ?? []),
    ...[todoApi, graph].map((resourceId) => ({
      ...{ tenantId: contoso, clientId: partly, resourceId },
      scopes: resourceId === graph ? ['User.Read', 'Mail.Read'] : ['Tasks.ReadWrite'],
    })),
  ],
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ directory })
})
afterAll(() => emulator.stop())

const expectText = async (lines: readonly string[], name: string): Promise<void> => {
  const names = new Map(
    [
      ...emulator.directory.tenants,
      ...emulator.directory.users,
      ...emulator.directory.applications,
      ...emulator.directory.agentIdentities,
    ].map(({ id, displayName }) => [id, displayName]),
  )
  const text = lines
    .join('\n')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) =>
      names.has(id) ? `{${names.get(id) ?? ''}}` : id,
    )
  await expect(`${text}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL(`written/${name}.txt`, import.meta.url)),
  )
}

it('who and what there is', async () => {
  const found = emulator.directory
  const spell = (id: string): readonly string[] => [id, id.toUpperCase()]
  const nameOf = (item: { readonly displayName: string } | undefined): string => item?.displayName ?? 'none'
  const lines = [
    ...[
      ...spell(contoso),
      'contoso.com',
      'CONTOSO.onmicrosoft.com',
      'fabrikam.onmicrosoft.com',
      'contoso',
      'common',
      '',
      nobody,
    ].map((name) => `tenant ${name}: ${nameOf(found.findTenant(name))}`),
    `tenant absent: ${nameOf(found.findTenant(undefined))}`,
    ...[
      alice,
      alice.toUpperCase(),
      ...spell('c0000000-0000-4000-8000-0000000000a1'),
      ...spell('c0000000-0000-4000-8000-0000000000c9'),
      'alice',
      '',
      nobody,
    ].map((name) => `user ${name}: ${nameOf(found.findUser(name))}`),
    `user absent: ${nameOf(found.findUser(undefined))}`,
    ...[...spell(webClient), ...spell(agent), ...spell(blueprint), 'To Do API', '', nobody].map(
      (name) =>
        `application ${name}: ${nameOf(found.findApplication(name))}; agent: ${nameOf(found.findAgent(name))}`,
    ),
    ...[
      ...spell(todoApi),
      `api://${todoApi}`,
      `API://${todoApi}/`,
      `${todoApi}/`,
      'https://graph.microsoft.com',
      'https://graph.microsoft.com/',
      'api://full',
      'To Do API',
      '',
    ].map((name) => `API ${name}: ${nameOf(found.findResource(name))}`),
    ...[...spell(off), nobody].map((id) => `group ${id}: ${found.nameOfGroup(id) ?? 'none'}`),
  ]
  for (const tenant of found.tenants) {
    lines.push(
      `accounts of ${tenant.displayName}: ${found
        .accountsOf(tenant)
        .map(({ user, id, isGuest }) => `${user.displayName} as ${id}${isGuest ? ', a guest' : ''}`)
        .join('; ')}`,
    )
    for (const user of found.users) {
      const account = found.findAccount(user, tenant)
      lines.push(
        `  ${user.displayName}: ${account === undefined ? 'a stranger' : `${account.id}${account.isGuest ? ', a guest' : ''}`}; by id: ${nameOf(found.findAccountById(tenant, account?.id ?? user.id)?.user)}`,
      )
    }
    for (const application of [...found.applications, found.findApplication(agent)!])
      lines.push(
        `  ${application.displayName}: ${found.isPresent(application, tenant) ? 'there' : 'not there'}, roles of To Do API: ${found.rolesOf(application.id, tenant, found.findApplication(todoApi)!).join(' ')}; of Graph: ${found.rolesOf(application.id, tenant, found.findApplication(graph)!).join(' ')}; principal ${found.servicePrincipalId(application, tenant)}`,
      )
  }
  const host1 = found.findApplication(host)!
  lines.push(`principal of the host: ${found.servicePrincipalId(host1, found.tenants[0]!)}`)
  await expectText(lines, 'who-there-is')
})

it('which addresses are registered', async () => {
  const redirectUris = {
    ...{
      spa: ['http://localhost:3000/', 'https://spa.example/in'],
      web: ['https://web.example/in?x=1', 'https://spa.example/in'],
    },
    publicClient: ['msapp://auth', 'http://127.0.0.1:5000/cb'],
  }
  const application: Application = { id: nobody, displayName: 'N', redirectUris }
  const presented = [
    ...[
      'http://localhost:3000/',
      'http://localhost:4000/',
      'http://localhost/',
      'http://localhost:3000',
      'https://localhost:3000/',
      'http://localhost:3000/x',
    ],
    ...[
      'https://spa.example/in',
      'https://spa.example/IN',
      'https://spa.example/in/',
      'https://SPA.example/in',
      'https://spa.example:443/in',
      'https://spa.example:444/in',
    ],
    ...[
      'https://spa.example/in#x',
      'https://spa.example/in?',
      'https://spa.example/in?x',
      'https://user@spa.example/in',
      'https://:pass@spa.example/in',
      'http://spa.example/in',
    ],
    ...[
      'https://web.example/in?x=1',
      'https://web.example/in?x=2',
      'https://web.example/in',
      'msapp://auth',
      'msapp://auth/',
      'msapp://other',
    ],
    ...[
      'http://127.0.0.1:5000/cb',
      'http://127.0.0.1:5001/cb',
      'http://localhost:3000@evil.example/',
      'no address',
      '',
      'https://other.example/in',
      'https://other.example/else',
    ],
  ]
  const lines = presented.map((uri) => {
    const differences = Object.values(redirectUris)
      .flat()
      .flatMap((registered) => {
        const difference = differenceOf(registered, uri)
        return difference === undefined ? [] : [`${registered} ${difference}`]
      })
    return `${uri}: ${findPlatform(application, uri) ?? 'none'}; a page: ${String(isSpaOrigin(application, uri))}; near: ${differences.join('; ')}`
  })
  lines.push(
    `where nothing is registered: ${findPlatform({ id: nobody, displayName: 'N' }, 'https://a/') ?? 'none'} ${String(isSpaOrigin({ id: nobody, displayName: 'N' }, 'https://a/'))}`,
  )
  await expectText(lines, 'redirect-uris')
})

it('what is consented to', async () => {
  const found = emulator.directory
  const tell = (permissions: readonly Permission[]): string =>
    permissions
      .map(
        ({ client, resource, scopes, roles }) =>
          `${client.displayName} at ${resource.displayName}: ${scopes.join(' ')}${roles === undefined ? '' : ` and ${roles.join(' ')}`}`,
      )
      .join('; ') || 'nothing'
  const scopes = [
    ...[
      'User.Read',
      'openid profile',
      'openid User.Read Mail.Read',
      `api://${middleTier}/access_as_user`,
      `api://${middleTier}/.default openid`,
    ],
    ...[
      `api://${todoApi}/Tasks.ReadWrite`,
      `api://${todoApi}/.default`,
      `api://${todoApi}/.default api://${todoApi}/Tasks.ReadWrite`,
    ],
    ...[
      `api://${middleTier}/access_as_user api://${todoApi}/Tasks.ReadWrite User.Read`,
      'api://full/Read',
      'api://full/Write',
      'api://full/.default',
      `${todoApi}/Tasks.ReadWrite`,
    ],
    ...[
      'api://off/x',
      'api://nowhere/x',
      'Nothing.Read',
      '',
      'offline_access email',
      'User.Read  User.Read',
      'https://graph.microsoft.com/User.Read',
      'https://graph.microsoft.com//.default',
    ],
  ]
  const clients = [
    webClient,
    middleTier,
    commandLine,
    daemon,
    full,
    bare,
    blueprint,
    agent,
    inheritor,
    todoApi,
    graph,
  ]
  const lines: string[] = []
  for (const id of clients) {
    const client = found.findApplication(id)!
    for (const scope of scopes) {
      lines.push(`${client.displayName} asks for “${scope}”`)
      for (const tenant of [undefined, ...found.tenants]) {
        try {
          const requested = parseScopes(scope, found, { tenant, client })
          if (tenant !== undefined) {
            lines.push(`  ${tenant.displayName}: there`)
            continue
          }
          lines.push(
            `  openid ${[...requested.openid].join(' ')}; ${requested.resources.map(({ resource, identifier, prefix, names, isDefault }) => `${resource.displayName} as ${identifier} (${prefix}) ${names.join(' ')}${isDefault ? ' by default' : ''}`).join('; ')}`,
          )
          lines.push(
            `  wants ${tell(wantedPermissions(found, client, requested))}`,
            `  of an administrator ${tell(administratorPermissions(found, client, requested))}`,
          )
          const answers = new Map<string, string[]>()
          for (const [username, at] of [
            [alice, contoso],
            [bob, contoso],
            [carol, contoso],
            [carol, fabrikam],
          ] as const) {
            const account = found.findAccount(found.findUser(username)!, found.findTenant(at)!)!
            const grants = requested.resources.map(
              (each) => resolveGrant(found, account, client, each)?.join(' ') ?? 'missing',
            )
            const answer = `${grants.join('; ')}; is asked for ${tell(missingPermissions(found, account, client, requested))}`
            const who = `${username.replace(/@.*/, '')} in ${account.tenant.displayName}`
            answers.set(answer, [...(answers.get(answer) ?? []), who])
          }
          for (const [answer, who] of answers)
            lines.push(`    ${who.length === 4 ? 'everybody' : who.join(', ')}: ${answer}`)
        } catch (error) {
          if (!(error instanceof AadstsError)) throw error
          lines.push(
            `  ${tenant?.displayName ?? 'anywhere'}: ${String(error.code)} ${JSON.stringify(error.details.values ?? {})}`,
          )
          if (tenant === undefined) break
        }
      }
    }
  }
  const text = lines.join('\n').replaceAll(/(?:\n {2}(?:Contoso|Fabrikam): there){2}/g, '\n  in both tenants')
  await expectText([text], 'permissions')
})

it('what is given and taken back', async () => {
  const { consents } = emulator.directory
  const before = consents.snapshot()
  const userId = emulator.directory.findUser(bob)!.id
  const one = { tenantId: contoso, clientId: bare, resourceId: todoApi }
  const lines: string[] = []
  const tell = (done: string): void => {
    const own = consents.list().filter(({ clientId }) => clientId === bare || clientId === middleTier)
    lines.push(
      `${done}: ${own.map((each) => `${each.clientId} ${each.resourceId} ${each.scopes.join(' ')} ${each.userId ?? 'all'} ${each.tenantId}`).join(' | ')}`,
    )
    lines.push(
      `  for bob ${[...consents.scopesFor({ ...one, userId }, todoApi)].join(' ')}; for nobody ${[...consents.scopesFor({ ...one, userId: nobody }, todoApi)].join(' ')}; any ${String(consents.hasAny({ ...one, userId }))} ${String(consents.hasAny({ ...one, userId: nobody }))}; known ${String(consents.knows(contoso, bare))} ${String(consents.knows(fabrikam, bare))} ${String(consents.knows(contoso, middleTier))}`,
    )
  }
  tell('at first')
  for (const consent of [
    { ...one, scopes: ['a'], userId },
    { ...one, scopes: ['b', 'a'], userId },
    { ...one, scopes: ['c'] },
    { ...one, scopes: ['d'], resourceId: graph },
    { ...one, scopes: ['e'], tenantId: fabrikam },
    { ...one, scopes: [] },
  ]) {
    await consents.grant(consent)
    tell(`given ${consent.scopes.join(' ')}`)
  }
  const client = { tenantId: contoso, clientId: bare }
  for (const query of [
    { ...client, scopes: ['a'] },
    { ...client, scopes: ['x'] },
    { ...client, userId },
    { ...client, resourceId: graph },
    { ...client, tenantId: fabrikam, resourceId: graph },
    client,
    { tenantId: contoso, clientId: middleTier, scopes: ['User.Read'] },
    { tenantId: contoso, clientId: middleTier, resourceId: todoApi, scopes: ['Tasks.ReadWrite', 'x'] },
    { tenantId: contoso, clientId: middleTier, resourceId: todoApi },
    { tenantId: fabrikam, clientId: middleTier },
    { tenantId: fabrikam, clientId: middleTier },
  ])
    tell(`taken back ${String(await consents.revoke(query))} by ${JSON.stringify(query)}`)
  await consents.grant({
    tenantId: contoso,
    clientId: middleTier,
    resourceId: todoApi,
    scopes: ['Tasks.ReadWrite'],
  })
  tell('given again')
  await consents.restore(before)
  tell('as before')
  await expectText(lines, 'consents')
})
