// A clumsy user: presses twice, leaves pages open until they are stale, and works on what is gone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { alice, contoso, todoApi, webClient } from '../scenario.ts'
import { createBrowser, type Browser, type BrowserPage } from '../browser.ts'

let emulator: Emulator
let browser: Browser
beforeEach(async () => {
  emulator = await createEmulator()
  browser = createBrowser(emulator.origin)
})
afterEach(() => emulator.stop())

const open = (path: string) => browser.open(emulator.origin + path)
const twice = (page: BrowserPage, fields: Record<string, string>) =>
  Promise.all([browser.submit(page, fields), browser.submit(page, fields)])

/** By hand; and somebody in it, by a test: the tenant cannot go any more. */
async function addTenantWithSomebody(): Promise<void> {
  const tenant = '77777777-0000-4000-8000-000000000000'
  await browser.submit(await open('/portal/tenants'), {
    id: tenant,
    displayName: 'New',
    domains: 'new.example',
  })
  const data = emulator.directory.toData()
  const eve = { id: 'eeeeeeee-0000-4000-8000-000000000000', tenantId: tenant, displayName: 'Eve' }
  emulator.directory.replace({
    ...data,
    users: [...data.users, { ...eve, username: 'eve@new.example', password: 'x' }],
  })
}

describe('a form that is sent twice', () => {
  it('adds one record, and leads to the same page both times', async () => {
    const before = emulator.directory.users.length
    const fields = {
      ...{ id: '', displayName: 'Dora', username: 'dora@contoso.onmicrosoft.com', password: 'x' },
      ...{ tenantId: contoso, accountEnabled: 'on' },
    }
    const [first, second] = await twice(await open('/portal/users'), fields)
    expect(emulator.directory.users).toHaveLength(before + 1)
    expect(first.status).toBe(303)
    expect(second.location?.href).toBe(first.location?.href)
  })

  it('adds one secret, which the second answer does not hide behind a mistake', async () => {
    const path = `/portal/applications/${todoApi}/secrets`
    const before = emulator.directory.findApplication(todoApi)?.secrets?.length ?? 0
    const answers = await twice(await open(path), { value: '', expires: '', do: 'add-secret' })
    expect(emulator.directory.findApplication(todoApi)?.secrets).toHaveLength(before + 1)
    // Two connections: which of the two arrives first is nobody's to say.
    const told = answers.map(({ status, location }) => [status, location?.pathname])
    expect(told).toContainEqual([200, undefined])
    expect(told).toContainEqual([303, path])
  })

  it('moves the clock, adds a fault and undoes once', async () => {
    await twice(await open('/portal/clock'), { seconds: '3600' })
    expect(emulator.clock.setting.offsetMs).toBe(3_600_000)
    const fault = {
      endpoint: 'token',
      effect: 'status',
      value: '503',
      retryAfter: '',
      times: '',
      nth: '',
      do: 'add',
    }
    await twice(await open('/portal/faults'), fault)
    expect(emulator.faults.list()).toHaveLength(1)
    await twice(await open('/portal/faults'), { back: '/portal/faults' })
    expect(emulator.faults.list()).toEqual([])
    expect(emulator.clock.setting.offsetMs).toBe(3_600_000)
  })

  it('is done again when it is another page that is sent, or when it only shows something', async () => {
    for (const hours of [1, 2]) {
      await browser.submit(await open('/portal/clock'), { seconds: '3600' })
      expect(emulator.clock.setting.offsetMs).toBe(hours * 3_600_000)
    }
    const [first, second] = await twice(await open('/portal/tokens'), { token: 'nonsense' })
    expect([first.status, second.status]).toEqual([200, 200])
  })

  it('is done when it comes again after a mistake that is no mistake any more', async () => {
    const page = await open(`/portal/applications/${todoApi}/api`)
    const fields = { value: 'Tasks.Count', description: '', do: 'add-scope' }
    await browser.submit(await open(`/portal/applications/${todoApi}/api`), fields)
    expect((await browser.submit(page, fields)).status).toBe(400)
    await browser.submit(await open(`/portal/applications/${todoApi}/api`), { 'remove-scope': 'Tasks.Count' })
    expect((await browser.submit(page, fields)).status).toBe(303)
  })
})

describe('a form that asks for what there is not', () => {
  const api = `/portal/applications/${todoApi}`
  it.each([
    [`${api}/api`, {}],
    [`${api}/authentication`, {}],
    [`${api}/claims`, {}],
    [`${api}/secrets`, { value: 'x' }],
    [`${api}/permissions`, {}],
    ['/portal/users/11111111-0000-4000-8000-000000000001', {}],
    ['/portal/keys', {}],
    ['/portal/clock', { seconds: '60' }],
    ['/portal/faults', { endpoint: 'token', effect: 'status', value: '503' }],
    ['/portal/policies', { name: 'All of them', effect: 'mfa' }],
  ])('changes nothing, and says so: %s', async (path, fields) => {
    const user = emulator.directory.users[0]?.id ?? ''
    const at = path.replace(/(users\/).*/, `$1${user}`)
    const state = () => [
      emulator.directory.toData(),
      emulator.faults.list(),
      emulator.policies.list(),
      emulator.clock.setting,
    ]
    const before = JSON.stringify(state())
    const answer = await browser.submit(await open(at), { ...fields, do: 'nonsense' })
    expect(answer.status).toBe(400)
    expect(answer.html).toContain('do: is ')
    expect(JSON.stringify(state())).toBe(before)
  })
})

describe('a reset', () => {
  it('leaves nothing to undo', async () => {
    await browser.submit(await open('/portal/clock'), { seconds: '3600' })
    await emulator.reset()
    const { html } = await open('/portal/clock')
    expect(html).not.toContain('Moved the clock')
  })
})

describe('a page that was open for long', () => {
  it('does not write over what somebody else has saved since', async () => {
    const path = `/portal/applications/${todoApi}`
    const [mine, theirs] = [await open(path), await open(path)]
    const fields = { displayName: 'Theirs', tenantId: contoso, enabled: 'on', do: 'save' }
    expect((await browser.submit(theirs, fields)).status).toBe(303)
    const refused = await browser.submit(mine, { ...fields, displayName: 'Mine' })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('changed since this page was shown')
    expect(emulator.directory.findApplication(todoApi)?.displayName).toBe('Theirs')
  })

  it('does not remove the second secret in place of the first, which is gone', async () => {
    const path = `/portal/applications/${todoApi}/secrets`
    for (const value of ['first', 'second'])
      await browser.submit(await open(path), { value, expires: '', do: 'add-secret' })
    const secrets = () =>
      (emulator.directory.findApplication(todoApi)?.secrets ?? []).map(({ value }) => value)
    const index = String(secrets().indexOf('first'))
    const [mine, theirs] = [await open(path), await open(path)]
    await browser.submit(theirs, { 'remove-secret': index })
    expect((await browser.submit(mine, { 'remove-secret': index })).status).toBe(400)
    expect(secrets()).toContain('second')
  })

  it('about something that is gone says so', async () => {
    const user = emulator.directory.users[0]!
    const path = `/portal/users/${user.id}`
    const [mine, theirs] = [await open(path), await open(path)]
    await browser.submit(theirs, { do: 'remove' })
    expect((await browser.submit(mine, { do: 'revoke' })).status).toBe(404)
    expect((await browser.submit(mine, { do: 'remove' })).status).toBe(404)
  })

  it('does not undo what would leave a directory that nothing starts from', async () => {
    await addTenantWithSomebody()
    // Pressed twice, it is refused twice: neither of them has led anywhere.
    const answers = await twice(await open('/portal/tenants'), { back: '/portal/tenants' })
    expect(answers.map(({ status }) => status)).toEqual([400, 400])
    expect(answers[0].html).toContain('Not taken back')
    expect(emulator.directory.findTenant('new.example')).toBeDefined()
    expect(emulator.directory.findUser('eve@new.example')).toBeDefined()
  })

  it('lets go of a change that cannot be undone, and undoes the one before it', async () => {
    await browser.submit(await open('/portal/clock'), { seconds: '3600' })
    await addTenantWithSomebody()
    const stuck = await browser.submit(await open('/portal/tenants'), { back: '/portal/tenants' })
    const forgotten = await browser.submit(stuck, { do: 'forget' })
    expect([forgotten.status, forgotten.location?.pathname]).toEqual([303, '/portal/tenants'])
    expect(emulator.directory.findTenant('new.example')).toBeDefined()
    await browser.submit(await open('/portal/tenants'), { back: '/portal/tenants' })
    expect(emulator.clock.setting.offsetMs).toBe(0)
    // Nothing is left, and a form from before says so by doing nothing.
    expect((await browser.submit(stuck, { do: 'forget' })).status).toBe(303)
  })
})

describe('a consent about what there is not', () => {
  const nowhere = '99999999-0000-4000-8000-000000000009'
  const stranger = '99999999-0000-4000-8000-000000000008'

  it('that was kept from another directory stops no edit, and is no part of the export', async () => {
    const { consents } = emulator.directory
    await consents.grant({ tenantId: contoso, clientId: stranger, resourceId: todoApi, scopes: ['x'] })
    await consents.grant({ tenantId: nowhere, clientId: todoApi, resourceId: todoApi, scopes: ['x'] })
    const fields = { id: '', displayName: 'New', domains: 'new.example' }
    expect((await browser.submit(await open('/portal/tenants'), fields)).status).toBe(303)
    expect(consents.list()).toContainEqual(expect.objectContaining({ clientId: stranger }))
    const { html } = await browser.submit(await open('/portal/export'), { as: 'json' })
    expect(html).not.toContain(stranger)
    expect(html).not.toContain(nowhere)
  })

  it('that was kept from another directory stays, also when what was granted by a user goes with the user', async () => {
    const { consents } = emulator.directory
    const { id: userId } = emulator.directory.findUser(alice)!
    await consents.grant({ tenantId: contoso, clientId: stranger, resourceId: todoApi, scopes: ['x'] })
    await consents.grant({
      tenantId: contoso,
      clientId: webClient,
      resourceId: todoApi,
      userId,
      scopes: ['x'],
    })
    const removed = await browser.submit(await open(`/portal/users/${userId}`), { do: 'remove' })
    expect(removed.location?.pathname).toBe('/portal/users')
    expect(consents.list()).not.toContainEqual(expect.objectContaining({ userId }))
    expect(consents.list()).toContainEqual(expect.objectContaining({ clientId: stranger }))
  })

  it('is not given: the tenant was removed since the page was shown', async () => {
    const form = await open('/portal/consents')
    const fields = { client: todoApi, resourceId: todoApi, scopes: 'Tasks.ReadWrite', user: '' }
    const refused = await browser.submit(form, { ...fields, tenantId: nowhere })
    expect(refused.status).toBe(400)
    expect(refused.html).toContain('is not in the directory')
    const tab = await open(`/portal/applications/${todoApi}/permissions`)
    expect((await browser.submit(tab, { tenantId: nowhere, do: 'consent' })).status).toBe(400)
    expect((await browser.submit(tab, { tenantId: '', do: 'consent' })).status).toBe(400)
    const unknown = await browser.submit(form, { ...fields, tenantId: contoso, resourceId: stranger })
    expect(unknown.status).toBe(400)
  })
})
