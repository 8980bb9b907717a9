// Every form that changes something says what it did, does that alone, and is taken back by the button beside it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import {
  agent,
  alice,
  bob,
  blueprint,
  contoso,
  daemon,
  fabrikam,
  todoApi,
  webClient,
  without,
} from '../scenario.ts'
import { elementsNamed } from '../ui/markup.ts'
import { openPortal, textOf, type Portal } from './portal-browser.ts'

let emulator: Emulator
let portal: Portal
beforeEach(async () => {
  emulator = await createEmulator()
  portal = openPortal(emulator)
})
afterEach(() => emulator.stop())

const userId = defaultDirectory.users.find(({ username }) => username === bob)?.id ?? ''
const state = (): unknown => ({
  directory: emulator.directory.toData(),
  policies: emulator.policies.list(),
  faults: emulator.faults.list(),
  clock: emulator.clock.setting,
  consents: emulator.directory.consents.list(),
})

type Fields = Record<string, string>

const records: readonly [
  said: string,
  path: string,
  fields: Fields,
  list: 'tenants' | 'users' | 'agentIdentities',
  made: object,
][] = [
  [
    'Added the tenant Tailspin',
    '/portal/tenants',
    {
      id: '77777777-0000-4000-8000-000000000001',
      displayName: 'Tailspin',
      domains: 'tailspin.example\nspin.example',
    },
    'tenants',
    {
      id: '77777777-0000-4000-8000-000000000001',
      displayName: 'Tailspin',
      domains: ['tailspin.example', 'spin.example'],
    },
  ],
  [
    'Added the user Dora',
    '/portal/users',
    {
      ...{
        id: '77777777-0000-4000-8000-000000000002',
        displayName: 'Dora',
        username: 'dora@contoso.onmicrosoft.com',
      },
      ...{ password: 'x', tenantId: contoso, accountEnabled: 'on', administrator: 'on', givenName: 'Dora' },
      ...{ surname: 'Dee', mail: 'dora@contoso.example', jobTitle: 'Engineer', officeLocation: '1/23' },
      ...{
        mobilePhone: '+1 555 0100',
        preferredLanguage: 'en-GB',
        groups: 'e0000000-0000-4000-8000-000000000001',
      },
    },
    'users',
    {
      ...{
        id: '77777777-0000-4000-8000-000000000002',
        displayName: 'Dora',
        username: 'dora@contoso.onmicrosoft.com',
      },
      ...{ password: 'x', tenantId: contoso, administrator: true, givenName: 'Dora' },
      ...{ surname: 'Dee', mail: 'dora@contoso.example', jobTitle: 'Engineer', officeLocation: '1/23' },
      ...{
        mobilePhone: '+1 555 0100',
        preferredLanguage: 'en-GB',
        groups: ['e0000000-0000-4000-8000-000000000001'],
      },
    },
  ],
  [
    'Added the agent Helper',
    '/portal/agents',
    {
      id: '77777777-0000-4000-8000-000000000003',
      displayName: 'Helper',
      blueprintId: blueprint,
      tenantId: contoso,
      enabled: 'on',
    },
    'agentIdentities',
    {
      id: '77777777-0000-4000-8000-000000000003',
      displayName: 'Helper',
      blueprintId: blueprint,
      tenantId: contoso,
    },
  ],
]

describe('a record', () => {
  it.each(records)(
    '%s: it has what was typed, is shown so, saved as it is, and removed',
    async (said, path, fields, list, made) => {
      const before = state()
      const page = await portal.submit(path, fields)
      expect(textOf(page)).toContain(`${said} Undo`)
      expect(emulator.directory.toData()[list]).toContainEqual(made)
      const shown = await portal.open(`${path}/${fields['id'] ?? ''}`)
      const typed = without(fields, 'id')
      for (const { attributes } of elementsNamed(shown.html, 'input'))
        if (attributes['type'] === 'checkbox')
          expect('checked' in attributes, attributes['name']).toBe(typed[attributes['name'] ?? ''] === 'on')
        else if (typed[attributes['name'] ?? ''] !== undefined)
          expect(attributes['value']).toBe(typed[attributes['name'] ?? ''])
      const chosen = elementsNamed(shown.html, 'option').filter(({ attributes }) => 'selected' in attributes)
      expect(chosen.map(({ attributes }) => attributes['value'])).toEqual(
        ['blueprintId', 'tenantId'].flatMap((name) => typed[name] ?? []),
      )
      const one = `${path}/${fields['id'] ?? ''}`
      const renamed = textOf(await portal.submit(one, { ...typed, displayName: 'Other', do: 'save' }))
      expect(renamed).toContain(`${said.replace('Added', 'Saved').replace(/\w+$/, 'Other')} Undo`)
      expect(emulator.directory.toData()[list]).toContainEqual({ ...made, displayName: 'Other' })
      const removed = textOf(await portal.submit(one, { do: 'remove' }))
      expect(removed).toContain(`${said.replace('Added', 'Removed').replace(/\w+$/, 'Other')} Undo`)
      expect(state()).toEqual(before)
    },
  )
})

describe('a form', () => {
  const onlyWhenMade = { name: 'Daily', resource: '', users: '', agents: '', tenant: '', authContext: '' }

  it.each<[said: string, path: string, fields: Fields]>([
    ['Moved the clock by +1 h', '/portal/clock', { seconds: '3600' }],
    ['Stopped the clock', '/portal/clock', { do: 'freeze' }],
    [
      'Added a fault',
      '/portal/faults',
      { endpoint: 'token', effect: 'status', value: '503', retryAfter: '', times: '', nth: '', do: 'add' },
    ],
    [
      'Added the policy Daily',
      '/portal/policies',
      { ...onlyWhenMade, kind: 'sign_in_frequency', maxAgeSeconds: '3600', do: 'add' },
    ],
    ['Revoked the sessions of Bob Brown', `/portal/users/${userId}`, { do: 'revoke' }],
    [
      'Consented: To Do list web client may use Tasks.ReadWrite of To Do API for everyone in Contoso',
      '/portal/consents',
      { tenantId: contoso, client: webClient, resourceId: todoApi, scopes: 'Tasks.ReadWrite', user: '' },
    ],
    [
      'Consented: To Do list web client may use Tasks.ReadWrite of To Do API for Alice Adams in Contoso',
      '/portal/consents',
      { tenantId: contoso, client: webClient, resourceId: todoApi, scopes: 'Tasks.ReadWrite', user: alice },
    ],
    [
      'Granted everything that Nightly report daemon lists',
      `/portal/applications/${daemon}/permissions`,
      { tenantId: fabrikam, do: 'consent' },
    ],
  ])('says “%s”, at %s', async (said, path, fields) => {
    const before = state()
    const revoked = emulator.directory.tokensValidFrom(emulator.directory.findUser(bob)!)
    const page = await portal.submit(path, fields)
    expect(page.status).toBe(200)
    expect(textOf(page)).toContain(`${said} Undo`)
    await portal.submit(path, { back: path })
    expect(state()).toEqual(before)
    expect(emulator.directory.tokensValidFrom(emulator.directory.findUser(bob)!)).toBe(revoked)
  })

  it('says what it did to what is there: the clock, a fault, a policy, the keys', async () => {
    const said = async (path: string, fields: Fields): Promise<string> =>
      textOf(await portal.submit(path, fields))
    await portal.submit('/portal/clock', { do: 'freeze' })
    const stopped = textOf(await portal.open('/portal/clock'))
    expect(stopped).toMatch(/it stands still.*Let it go on/)
    expect(stopped).not.toContain('Stop it')
    const going = await said('/portal/clock', { do: 'resume' })
    expect(going).toContain('Let the clock go on Undo')
    expect(going).toContain('Stop it')
    expect(going).not.toContain('it stands still')
    expect(await said('/portal/clock', { do: 'reset' })).toContain('Reset the clock Undo')
    const { id } = emulator.faults.add({ when: {}, then: { drop: true } })
    expect(await said('/portal/faults', { remove: id })).toContain('Removed a fault Undo')
    expect(emulator.faults.list()).toEqual([])
    const policy = emulator.policies.add({ kind: 'block', name: 'Nobody' })
    expect(await said('/portal/policies', { disable: policy.id })).toContain(
      'Switched off the policy Nobody Undo',
    )
    expect(await said('/portal/policies', { enable: policy.id })).toContain(
      'Switched on the policy Nobody Undo',
    )
    expect(await said('/portal/policies', { remove: policy.id })).toContain('Removed the policy Nobody Undo')
    await emulator.keys.ready()
    const last = emulator.keys.list().at(-1)?.kid ?? ''
    expect(await said('/portal/keys', { withdraw: last })).toContain('Withdrew a signing key Undo')
    expect(await said('/portal/keys', { do: 'sudden' })).toContain('Signed with a new key at once Undo')
    expect(await said('/portal/keys', { do: 'roll' })).toContain('Rolled the signing keys Undo')
  })
})

describe('what expires by the clock', () => {
  it('is what has an end: secrets, and tokens that were issued', async () => {
    expect(textOf(await portal.open('/portal/clock'))).toContain('No token of the log and no secret')
    await fetch(`${emulator.origin}/${contoso}/discovery/v2.0/keys`)
    expect(textOf(await portal.open('/portal/clock'))).toContain('No token of the log and no secret')
    await portal.submit(`/portal/applications/${daemon}/secrets`, {
      ...{
        value: 'made up',
        expires: new Date(emulator.clock.now() + 7_200_500).toISOString(),
        do: 'add-secret',
      },
    })
    expect(textOf(await portal.open('/portal/clock'))).toMatch(/A secret of Nightly report daemon in 2 h/)
    emulator.clock.advance(10_800)
    expect(textOf(await portal.open('/portal/clock'))).toMatch(/A secret of Nightly report daemon expired/)
  })
})

describe('the rail', () => {
  it('leads from each of its links to that section, which is marked in it', async () => {
    const linksOf = (html: string): readonly Readonly<Record<string, string>>[] =>
      elementsNamed(/<nav class="rail".*?<\/nav>/s.exec(html)?.[0] ?? '', 'a').map(
        ({ attributes }) => attributes,
      )
    const links = linksOf((await portal.open('/portal/clock')).html)
    expect(links.length).toBeGreaterThan(10)
    for (const { href = '' } of links) {
      const { status, html } = await portal.open(href)
      expect([href, status]).toEqual([href, 200])
      const current = linksOf(html).filter((link) => link['aria-current'] === 'page')
      expect(current.map((link) => link['href'])).toEqual([href])
    }
  })
})

describe('client settings', () => {
  it('are found by the name and by the id of an application, and an agent has no choice of libraries', async () => {
    const found = async (query: string): Promise<readonly string[]> => {
      const { html } = await portal.open(`/portal/connect?${query}`)
      const list = /<ul class="choices" aria-label="Applications">.*?<\/ul>/s.exec(html)?.[0] ?? ''
      return elementsNamed(list, 'a').map(({ attributes }) => attributes['href'] ?? '')
    }
    for (const query of ['q=nightly', `q=${daemon}`]) {
      const links = await found(query)
      expect(links).toHaveLength(1)
      expect(links[0]).toContain(`app=${daemon}`)
    }
    expect((await portal.open(`/portal/connect?app=${daemon}`)).html).toContain('aria-label="Libraries"')
    const { html } = await portal.open(`/portal/connect?app=${agent}`)
    expect(html).not.toContain('aria-label="Libraries"')
  })
})
