// What the tabs of a registration show: credentials by their beginning or their end, and permissions with who consented to them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Application, type Emulator } from '../../src/index.ts'
import { certificateOf } from '../made-certificate.ts'
import { alice, bob, contoso, daemon, fabrikam, graph, todoApi } from '../scenario.ts'
import { elementsNamed, elementsOf } from '../ui/markup.ts'
import { openPortal, textOf, type Portal } from './portal-browser.ts'

const bare = { id: 'a0000000-0000-4000-8000-0000000000f7', displayName: 'Bare', tenantId: contoso }
const rolesAlone = {
  ...{ id: 'a0000000-0000-4000-8000-0000000000f8', displayName: 'Roles alone', tenantId: contoso },
  ...{ scopes: [], appRoles: [{ value: 'Read.All' }] },
}
const pem = certificateOf('bare')
const full = {
  ...{ id: 'a0000000-0000-4000-8000-0000000000f9', displayName: 'Full', tenantId: contoso },
  secrets: [{ value: 'morning' }, { value: 'evening', expires: '2040-01-01' }],
  requiredResourceAccess: [
    { resourceId: todoApi, scopes: ['Tasks.ReadWrite', 'Tasks.Read'], roles: ['Tasks.Read.All'] },
    { resourceId: graph, scopes: ['User.Read'] },
  ],
} satisfies Application

let emulator: Emulator
let portal: Portal
beforeAll(async () => {
  const applications = [...defaultDirectory.applications, bare, rolesAlone, full]
  const more = ['one', 'two'].map((name, index) => ({
    ...{ id: `77777777-0000-4000-8000-00000000000${String(index)}`, displayName: name },
    domains: [`${name}.example`],
  }))
  const tenants = [...defaultDirectory.tenants, ...more]
  emulator = await createEmulator({ directory: { ...defaultDirectory, tenants, applications } })
  portal = openPortal(emulator)
})
afterAll(() => emulator.stop())

const open = (id: string, tab: string) => portal.open(`/portal/applications/${id}/${tab}`)

describe('secrets', () => {
  it('are shown by three characters, with their end, and each is removed by a button that names it', async () => {
    const page = await open(full.id, 'secrets')
    expect(textOf(page)).toMatch(
      /mor•••••••• never expires Remove secret 1 eve•••••••• expires 2040-01-01 Remove secret 2 Show the secrets/,
    )
    expect(page.html).not.toContain('data-copy')
    const none = textOf(await open(bare.id, 'secrets'))
    expect(none).toContain('None: this client cannot prove itself by a secret.')
    expect(none).not.toContain('Show the secrets')
  })

  it('are shown whole when that is asked for, each with a button that copies it', async () => {
    const page = await portal.submit(`/portal/applications/${full.id}/secrets`, { do: 'reveal' })
    expect(textOf(page)).toMatch(/ morning .*never expires.* evening .*expires 2040-01-01/)
    expect(page.html).not.toContain('••••')
    const labels = elementsNamed(page.html, 'button').map(({ attributes }) => attributes['aria-label'])
    expect(labels).toEqual(expect.arrayContaining(['Copy secret 1', 'Copy secret 2']))
  })
})

describe('certificates', () => {
  it('are shown by their last 24 characters, and each is removed by a button that names it', async () => {
    const path = `/portal/applications/${bare.id}/secrets`
    await portal.submit(path, { certificate: pem, do: 'add-certificate' })
    const end = pem.replaceAll(/-----[^-]+-----|\s/g, '').slice(-24)
    const page = await portal.open(path)
    expect(end).toHaveLength(24)
    expect(page.html).toContain(`<code>…${end}</code>`)
    expect(textOf(page)).toContain('Remove certificate 1')
    await portal.submit(path, { 'remove-certificate': '0' })
    expect((await portal.open(path)).html).not.toContain('<code>…')
  })
})

describe('permissions', () => {
  const granted = async (name: string): Promise<string> => {
    const { html } = await open(full.id, 'permissions')
    const rows = html.match(/<li class="row">.*?<\/li>/gs) ?? []
    const row = rows.find((each) => each.includes(`<span class="row-title">${name}</span>`)) ?? ''
    return textOf({ html: row } as Parameters<typeof textOf>[0]).split(' · ')[1] ?? ''
  }

  it('are listed with their API, and an API that is gone by its id', async () => {
    const page = textOf(await open(full.id, 'permissions'))
    expect(page).toContain('To Do API Tasks.ReadWrite, Tasks.Read, Tasks.Read.All (role) ·')
    expect(page).toContain('Microsoft Graph User.Read ·')
    expect(page).not.toContain('None: .default asks for nothing.')
    expect(textOf(await open(bare.id, 'permissions'))).toContain('None: .default asks for nothing.')
  })

  it('are said to be granted to nobody, to people, and to everyone in up to three tenants', async () => {
    const { consents } = emulator.directory
    const grant = (tenantId: string, user?: string) => {
      const userId = user === undefined ? undefined : emulator.directory.findUser(user)?.id
      const consent = { tenantId, clientId: full.id, resourceId: todoApi, scopes: ['Tasks.Read'] }
      return consents.grant({ ...consent, ...(userId !== undefined && { userId }) })
    }
    expect(await granted('To Do API')).toBe('nobody has consented Remove To Do API ')
    await grant(contoso, alice)
    expect(await granted('To Do API')).toBe('by 1 person Remove To Do API ')
    await grant(contoso, bob)
    expect(await granted('To Do API')).toBe('by 2 people Remove To Do API ')
    await grant(contoso)
    expect(await granted('To Do API')).toMatch(/^granted for everyone in Contoso, by 2 people /)
    for (const { id } of emulator.directory.tenants) await grant(id)
    expect(await granted('To Do API')).toMatch(
      /^granted for everyone in Contoso, Fabrikam, one, by 2 people /,
    )
    expect(await granted('Microsoft Graph')).toBe('nobody has consented Remove Microsoft Graph ')
  })

  it('are chosen of APIs that have any, scopes or roles', async () => {
    const { html } = await open(bare.id, 'permissions')
    const [select = ''] = /<select[^>]*name="resourceId".*?<\/select>/s.exec(html) ?? []
    const offered = elementsOf(select).flatMap(({ tag, attributes }) =>
      tag === 'option' ? attributes['value'] : [],
    )
    expect(offered).toEqual(expect.arrayContaining([todoApi, graph, rolesAlone.id]))
    for (const id of [bare.id, full.id, daemon]) expect(offered).not.toContain(id)
  })

  it('of every API in the list are consented to for everyone in a tenant, by one button', async () => {
    const path = `/portal/applications/${full.id}/permissions`
    await portal.submit(path, { tenantId: fabrikam, do: 'consent' })
    expect(await granted('Microsoft Graph')).toMatch(/^granted for everyone in Fabrikam Remove/)
  })
})
