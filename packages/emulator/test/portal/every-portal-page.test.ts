// What holds for every page of the portal: who may post, what may be read, how large it is, and how it is built.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { portalRoutes } from '../../src/portal/routes.ts'
import { contoso } from '../scenario.ts'
import { elementsNamed, elementsOf } from '../ui/markup.ts'
import { openPortal, type Portal } from './portal-browser.ts'

const webClient = 'a0000000-0000-4000-8000-000000000001'
const attack = `"'><script>alert(1)</script>`
const many = 50_000

let emulator: Emulator
let portal: Portal
beforeAll(async () => {
  const [first] = defaultDirectory.users
  const users = Array.from({ length: many }, (_, index) => ({
    id: `dddddddd-0000-4000-8000-${String(index).padStart(12, '0')}`,
    tenantId: contoso,
    username: `user${String(index)}@contoso.onmicrosoft.com`,
    displayName: index === 0 ? attack : `User ${String(index)}`,
    password: 'x',
  }))
  expect(first).toBeDefined()
  emulator = await createEmulator({
    directory: { ...defaultDirectory, users: [...defaultDirectory.users, ...users] },
  })
  portal = openPortal(emulator)
  emulator.policies.add({
    kind: 'block',
    name: attack,
    users: users.slice(0, 900).map(({ username }) => username),
    enabled: false,
  })
  for (let count = 0; count < 300; count += 1)
    emulator.faults.add({ when: { user: attack }, then: { status: 500 } })
})
afterAll(() => emulator.stop())

const ids = (path: string): string => {
  if (path.startsWith('/portal/tenants')) return contoso
  if (path.startsWith('/portal/users')) return 'dddddddd-0000-4000-8000-000000000000'
  if (path.startsWith('/portal/agents')) return emulator.directory.agentIdentities[0]?.id ?? ''
  return webClient
}
const paths = portalRoutes.filter(([methods]) => methods === 'GET').map(([, path]) => path)
const posts = portalRoutes.filter(([methods]) => methods === 'POST').map(([, path]) => path)

describe.each(['/', ...paths])('GET %s', (pattern) => {
  const address = (): string => pattern.replace(':id', ids(pattern))

  it('is a page of at most 100 KB with 50 000 users, 300 faults and a policy for 900 people', async () => {
    const { status, html } = await portal.open(address())
    expect(status).toBe(200)
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000)
  })

  it('is read by no other site, framed by none, and stored nowhere', async () => {
    const { headers } = await portal.open(address())
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
  })

  it('turns nothing of the directory into markup, and has no inline script or style', async () => {
    const { html } = await portal.open(address())
    expect(html).not.toContain('<script>')
    expect(html).not.toContain('<style')
    expect(
      elementsOf(html).filter(({ attributes }) => 'style' in attributes || 'onclick' in attributes),
    ).toEqual([])
  })

  it('has one heading, one main landmark, labels for its fields and no id twice', async () => {
    const { html } = await portal.open(address())
    expect(elementsNamed(html, 'h1')).toHaveLength(1)
    expect(elementsNamed(html, 'main')).toHaveLength(1)
    const labelled = elementsNamed(html, 'label').map(({ attributes }) => attributes['for'])
    const fields = ['input', 'select', 'textarea'].flatMap((tag) => elementsNamed(html, tag))
    for (const { attributes } of fields)
      if (attributes['type'] !== 'hidden') expect(labelled).toContain(attributes['id'])
    const named = elementsOf(html).flatMap(({ attributes }) => attributes['id'] ?? [])
    expect(new Set(named).size).toBe(named.length)
  })
})

describe('every form', () => {
  it.each(posts)('%s takes nothing that it did not show to this browser', async (pattern) => {
    const before = emulator.directory.snapshot()
    const path = pattern.replace(':id', ids(pattern))
    const post = async (headers: Record<string, string>, body: Record<string, string>): Promise<number> =>
      (
        await fetch(emulator.origin + path, {
          method: 'POST',
          body: new URLSearchParams(body),
          headers,
          redirect: 'manual',
        })
      ).status
    expect(await post({}, { do: 'remove' })).toBe(403)
    expect(await post({ origin: emulator.origin }, { do: 'remove', form: 'x' })).toBe(403)
    expect(emulator.directory.snapshot()).toBe(before)
  })

  it('is worth nothing to the next start', async () => {
    const again = await createEmulator()
    const page = await openPortal(emulator).open('/portal/clock')
    const form = /name="form" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    const answer = await fetch(`${again.origin}/portal/clock`, {
      method: 'POST',
      body: new URLSearchParams({ form, do: 'freeze' }),
    })
    expect(answer.status).toBe(403)
    expect(again.clock.setting.frozenAtMs).toBeUndefined()
    await again.stop()
  })
})

describe('a long list', () => {
  it('is read page by page, and found in by a word', async () => {
    const first = await portal.open('/portal/users')
    expect(first.html).toContain('page 1 of 1001')
    const last = await portal.open('/portal/users?page=99999')
    expect(last.html).toContain('User 49999')
    const found = await portal.open('/portal/users?q=user49998%40')
    expect(found.html).toContain('User 49998')
    expect(
      elementsNamed(found.html, 'li').filter(({ attributes }) => attributes['class'] === 'row'),
    ).toHaveLength(1)
    expect((await portal.open('/portal/users?q=nobody-at-all')).html).toContain('None.')
  })
})
