// File → emulator → diff: nothing; a change by hand in the emulator's portal: that difference, and no other.
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clientSecret, createWebApi } from '../../src/index.ts'
import { compareRegistrations } from '../../src/registration/compare-registrations.ts'
import { emulatorDirectory, webApiOptions } from '../../src/registration/registration.ts'
import { clientIdOf } from '../../src/registration/resolve-applications.ts'
import { alice, ids } from '../behaviour/scenario.ts'
import { graphToken } from '../doctor/sound-set-up.ts'
import { solution } from './solution.ts'

const apiId = clientIdOf(solution, 'api')
const pageId = clientIdOf(solution, 'page')
const secrets = { api: 'api-secret-for-local-use-only', nightly: 'nightly-secret-for-local-use-only' }

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({
    directory: emulatorDirectory(solution, { base: defaultDirectory, secrets }),
  })
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.reset())

async function diff(): ReturnType<typeof compareRegistrations> {
  return compareRegistrations(solution, {
    url: `${emulator.origin}/v1.0/`,
    token: await graphToken(emulator),
    fetch,
  })
}

/** Sends a form of the portal as a browser does that has the page open: every field as it stands, but for some. */
async function submit(path: string, wanted: Readonly<Record<string, string>>): Promise<void> {
  const url = `${emulator.origin}/portal/applications/${path}`
  const opened = await fetch(url)
  const cookie = opened.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const page = await opened.text()
  const forms = page.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []
  const form = forms.find((each) => each.includes(`value="${wanted['do'] ?? ''}"`)) ?? ''
  const fields = new URLSearchParams()
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const [, name] = / name="([^"]*)"/.exec(input) ?? []
    const isOff = /type="(checkbox|radio)"/.test(input) && !input.includes(' checked')
    if (name !== undefined && !isOff) fields.append(name, unescape(/ value="([^"]*)"/.exec(input)?.[1] ?? ''))
  }
  for (const [, name = '', text = ''] of form.matchAll(
    /<textarea[^>]* name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g,
  ))
    fields.append(name, unescape(text))
  for (const [name, value] of Object.entries(wanted)) fields.set(name, value)
  const headers = { cookie, origin: emulator.origin }
  const answer = await fetch(url, { method: 'POST', headers, body: fields, redirect: 'manual' })
  expect(answer.status, await answer.text()).toBeLessThan(400)
}

const unescape = (text: string): string =>
  text
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

describe('the emulator that was made of the file', () => {
  it('has no difference', async () => {
    expect(await diff()).toEqual([])
  })

  it('gives tokens as the file says, to the options that the file gives', async () => {
    const baseUrls = { graph: `${emulator.origin}/v1.0/`, tasks: 'https://tasks.contoso.com/' }
    const options = webApiOptions(solution, 'api', baseUrls)
    expect(options).toMatchObject({
      tenantId: ids.contoso,
      clientId: apiId,
      downstreamApis: {
        graph: { scopes: ['User.Read', 'Mail.Read'] },
        tasks: { scopes: ['api://tasks.contoso.com/Tasks.ReadWrite'] },
      },
    })
    const api = createWebApi({
      ...options,
      instance: emulator.origin,
      clientCredential: clientSecret(secrets.api),
      logger: false,
    })
    const token = await emulator.mint({
      user: alice,
      client: pageId,
      audience: apiId,
      scopes: ['access_as_user'],
    })
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    const caller = await api.authenticate({ method: 'GET', url: '/', header }, { scopes: ['access_as_user'] })
    expect(caller.principal.claims).toMatchObject({ ver: '2.0', aud: apiId })
    const tasksScopes = options.downstreamApis.tasks.scopes
    await expect(caller.acquireTokenOnBehalfOf({ scopes: tasksScopes })).rejects.toMatchObject({
      reason: 'consent_required',
    })
    await emulator.directory.consents.grant({
      tenantId: ids.contoso,
      clientId: apiId,
      resourceId: 'a0000000-0000-4000-8000-0000000000e1',
      scopes: ['Tasks.ReadWrite'],
    })
    expect((await caller.acquireTokenOnBehalfOf({ scopes: tasksScopes })).scopes).toContain(
      'api://tasks.contoso.com/Tasks.ReadWrite',
    )
  })

  it('cannot be made of registrations alone, and that is said', () => {
    expect(() => emulatorDirectory(solution, {} as { base: typeof defaultDirectory })).toThrow(
      /^base: is missing.*defaultDirectory/,
    )
  })

  it.each<[unknown, string]>([
    [null, 'base'],
    ['directory', 'base'],
    [[], 'base'],
    [{}, 'base.applications'],
    [{ applications: {} }, 'base.applications'],
    [{ applications: [null] }, 'base.applications'],
    [{ applications: [{ displayName: 'no id' }] }, 'base.applications'],
    [{ applications: [], agentIdentities: 'none' }, 'base.agentIdentities'],
    [{ applications: [], agentIdentities: [{}] }, 'base.agentIdentities'],
  ])('cannot be made of what is no directory: %j names %s', (base, option) => {
    const make = (): unknown => emulatorDirectory(solution, { base: base as typeof defaultDirectory })
    expect(make).toThrow(expect.objectContaining({ code: 'configuration_invalid', option }))
    expect(make).toThrow(/import { defaultDirectory }/)
  })

  it('has the agents of a blueprint', () => {
    const [agent] = emulator.directory.agentIdentities.filter(
      ({ displayName }) => displayName === 'Booking agent',
    )
    expect(agent).toMatchObject({ blueprintId: clientIdOf(solution, 'assistant'), tenantId: ids.contoso })
  })
})

describe('a change by hand in the portal', () => {
  it('of a scope is that difference, and no other', async () => {
    await submit(`${apiId}/api`, { value: 'shifts.read', description: 'Read shifts', do: 'add-scope' })
    expect(await diff()).toEqual([
      { application: 'api', what: 'scopes.shifts.read', file: undefined, tenant: 'User' },
    ])
  })

  it('of a permission, too', async () => {
    await submit(`${pageId}/permissions`, {
      resourceId: ids.todoApi,
      scopes: 'Tasks.ReadWrite',
      roles: '',
      do: 'add',
    })
    expect(await diff()).toEqual([
      {
        application: 'page',
        what: `downstream.${ids.todoApi}.scopes.Tasks.ReadWrite`,
        file: undefined,
        tenant: 'yes',
      },
    ])
  })

  it('of the Application ID URI and the token version, too', async () => {
    await submit(`${apiId}/api`, { identifierUris: 'api://other', v2: '', do: 'save' })
    expect(
      (await diff()).map(({ application, what, file, tenant }) => [application, what, file, tenant]),
    ).toEqual([
      ['api', `identifierUris.api://${apiId}`, 'yes', undefined],
      ['api', 'tokenVersion', '2', '1'],
      ['api', 'identifierUris.api://other', undefined, 'yes'],
    ])
  })
})

it('names an application that the tenant does not have', async () => {
  const other = await createEmulator()
  const graph = { url: `${other.origin}/v1.0/`, token: await graphToken(other), fetch }
  const missing = (await compareRegistrations(solution, graph)).map(
    ({ application, what }) => `${application} ${what}`,
  )
  expect(missing).toEqual(Object.keys(solution.applications).map((name) => `${name} clientId`))
  await other.stop()
})
