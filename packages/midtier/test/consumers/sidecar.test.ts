// @midtier/sidecar as it is published: its command, its function from both kinds of modules, and against the emulator of the same install.
import { describe, expect } from 'vitest'
import { consumer, sidecarTarball, test } from './consumer.ts'

const files = {
  'files.mjs': `
    import { readdirSync } from 'node:fs'
    import { join, relative } from 'node:path'
    const home = join(import.meta.dirname, '../node_modules/@midtier/sidecar')
    console.log(JSON.stringify(readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(home, join(entry.parentPath, entry.name)))
      .filter((path) => !path.includes('node_modules'))))
  `,
  'scenario.mjs': `
    import { createRequire } from 'node:module'
    import { createEmulator } from '@midtier/emulator'
    import { startSidecar } from '@midtier/sidecar'
    const emulator = await createEmulator()
    const client = 'a0000000-0000-4000-8000-000000000001'
    const audience = 'a0000000-0000-4000-8000-000000000002'
    const user = 'alice@contoso.onmicrosoft.com'
    const authorization = 'Bearer ' + (await emulator.mint({ user, client, audience, scopes: ['access_as_user'] }))
    const environment = {
      AzureAd__Instance: emulator.origin,
      AzureAd__TenantId: 'c0000000-0000-4000-8000-000000000001',
      AzureAd__ClientId: audience,
      AzureAd__ClientCredentials__0__SourceType: 'ClientSecret',
      AzureAd__ClientCredentials__0__ClientSecret: 'middle-tier-secret-for-local-use-only',
      DownstreamApis__graph__BaseUrl: emulator.origin + '/v1.0/',
      DownstreamApis__graph__Scopes: 'User.Read',
    }
    const names = []
    for (const start of [startSidecar, createRequire(import.meta.url)('@midtier/sidecar').startSidecar]) {
      const sidecar = await start({ environment, port: 0 })
      const answer = await fetch(sidecar.urls[0] + '/DownstreamApi/graph?optionsOverride.RelativePath=me', { headers: { authorization } })
      names.push(JSON.parse((await answer.json()).content).displayName)
      await sidecar.stop()
    }
    await emulator.stop()
    console.log(names.join())
  `,
}

describe('the sidecar', () => {
  const project = consumer({ dependencies: { '@midtier/sidecar': sidecarTarball() }, files })

  test('is code, declarations and what a reader needs', async () => {
    const paths = JSON.parse(await project.run('node', ['files.mjs'])) as string[]
    const expected = /^(dist\/(esm|cjs)\/[\w.-]+\.(js|cjs|d\.ts|d\.cts)|package\.json|README\.md|LICENSE)$/
    expect(paths.filter((path) => !expected.test(path))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/esm/bin.js']))
  })

  test('has a command that explains itself, and says in one line what is missing', async () => {
    expect(await project.run('midtier-sidecar', ['--help'])).toContain('AzureAd__TenantId')
    const { code, stderr } = await project.attempt('midtier-sidecar', ['--port', '0'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^midtier-sidecar: AzureAd__TenantId [^\n]*\n$/)
  })

  test('starts from both kinds of modules', async () => {
    expect(await project.run('node', ['scenario.mjs'])).toBe('Alice Adams,Alice Adams\n')
  })
})

// The client that Microsoft publishes for its own sidecar, unmodified: an agent's host asks it instead of the authority.
const agentsClient = {
  'index.mjs': `
    import hosting from '@microsoft/agents-hosting'
    import { createEmulator } from '@midtier/emulator'
    import { startSidecar } from '@midtier/sidecar'
    const emulator = await createEmulator()
    const tenant = 'c0000000-0000-4000-8000-000000000001'
    const blueprint = 'a0000000-0000-4000-8000-000000000006'
    const agent = 'a0000000-0000-4000-8000-000000000007'
    const assistant = 'c0000000-0000-4000-8000-0000000000e1'
    const todos = 'api://a0000000-0000-4000-8000-000000000003'
    const environment = {
      AzureAd__Instance: emulator.origin + '/',
      AzureAd__TenantId: tenant,
      AzureAd__ClientId: blueprint,
      AzureAd__ClientCredentials__0__SourceType: 'ClientSecret',
      AzureAd__ClientCredentials__0__ClientSecret: 'blueprint-secret-for-local-use-only',
      Sidecar__AllowOverrides__GetAuthorizationHeaderUnauthenticated: 'true',
      DownstreamApis__agenticblueprint__BaseUrl: 'http://localhost/',
      DownstreamApis__agenticblueprint__RequestAppToken: 'true',
      DownstreamApis__agenticblueprint__Scopes__0: 'api://AzureAdTokenExchange/.default',
      DownstreamApis__default__BaseUrl: 'https://graph.microsoft.com/',
      DownstreamApis__default__Scopes__0: todos + '/.default',
    }
    const sidecar = await startSidecar({ environment, port: 0 })
    const connection = { sidecarBaseUrl: sidecar.urls[0], clientId: blueprint, tenantId: tenant, scopes: [todos + '/.default'] }
    const provider = new hosting.SidecarAuthProvider({ ...connection, retryCount: 0 })
    const names = { [blueprint]: 'the blueprint', [agent]: 'the agent', [assistant]: 'its account' }
    const tell = (what, token) => {
      const { aud, azp, oid, idtyp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))
      console.log(what + ':', names[azp], 'for', idtyp === 'user' ? names[oid] : 'itself', 'at', names[aud] ?? 'To Do')
    }
    console.log(await provider.isHealthy())
    tell('application', await provider.getAccessToken(todos + '/.default'))
    tell('exchange', await provider.getAgenticApplicationToken(tenant, agent))
    tell('instance', await provider.getAgenticInstanceToken(tenant, agent))
    tell('by id', await provider.getAgenticUserToken(tenant, agent, assistant, [todos + '/Tasks.ReadWrite']))
    tell('by name', await provider.getAgenticUserToken(tenant, agent, 'assistant@contoso.onmicrosoft.com', [todos + '/Tasks.ReadWrite']))
    const refused = provider.getAgenticUserToken(tenant, agent, 'nobody@contoso.example', [todos + '/Tasks.ReadWrite'])
    console.log(await refused.catch(({ message }) => /status 400: Bad Request/.exec(message)?.[0]))
    await sidecar.stop()
    await emulator.stop()
  `,
}

describe('the client of the Microsoft 365 Agents SDK', () => {
  test('gets every token that it asks the sidecar for', async () => {
    const dependencies = {
      '@midtier/sidecar': sidecarTarball(),
      '@microsoft/agents-hosting': '1.8.1',
    }
    const project = consumer({ dependencies, files: agentsClient })
    expect(await project.run('node', ['index.mjs'])).toBe(
      [
        'true',
        'application: the blueprint for itself at To Do',
        'exchange: the agent for itself at the agent',
        'instance: the agent for itself at To Do',
        'by id: the agent for its account at To Do',
        'by name: the agent for its account at To Do',
        'status 400: Bad Request',
        '',
      ].join('\n'),
    )
  })
})
