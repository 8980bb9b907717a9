// Policies, faults and the clock by hand, without script.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { contoso, daemon, daemonSecret, todoApi } from '../scenario.ts'
import { openPortal, textOf, type Portal } from './portal-browser.ts'

let emulator: Emulator
let portal: Portal
beforeAll(async () => {
  emulator = await createEmulator()
  portal = openPortal(emulator)
})
afterAll(() => emulator.stop())
afterEach(() => {
  emulator.faults.clear()
  emulator.clock.reset()
})

const ask = (): Promise<Response> => {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: daemon,
    client_secret: daemonSecret,
    scope: `api://${todoApi}/.default`,
  })
  return fetch(`${emulator.origin}/${contoso}/oauth2/v2.0/token`, { method: 'POST', body })
}

describe('a fault', () => {
  const fields = {
    endpoint: 'token',
    grantType: '',
    clientId: daemon,
    user: '',
    resource: '',
    effect: 'status',
    value: '503',
    retryAfter: '7',
    times: '1',
    nth: '',
  }

  it('is previewed on what happened so far, added as a sentence, counted, and removed', async () => {
    await ask()
    const preview = textOf(await portal.submit('/portal/faults', { ...fields, do: 'preview' }))
    const sentence =
      'Token requests by Nightly report daemon are answered 503 and get retry-after as well, only the next one'
    expect(preview).toContain(`${sentence}. Of the last 1 requests it is about 1.`)
    expect(emulator.faults.list()).toEqual([])
    expect(textOf(await portal.submit('/portal/faults', { ...fields, do: 'add' }))).toContain(sentence)
    expect((await ask()).headers.get('retry-after')).toBe('7')
    expect((await ask()).status).toBe(200)
    const page = await portal.open('/portal/faults')
    expect(textOf(page)).toContain('matched 2, hit 1, used up')
    const id = /name="remove" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    await portal.submit('/portal/faults', { remove: id })
    expect(emulator.faults.list()).toEqual([])
    await portal.submit('/portal/faults', { back: '/portal/faults' })
    expect(emulator.faults.list()).toMatchObject([{ matched: 2, hits: 1 }])
  })

  it.each<[string, string, object]>([
    ['aadsts', '50076', { aadsts: 50_076 }],
    ['delay', '20', { delayMs: 20 }],
    ['drop', '', { drop: true }],
    ['hang', '', { hang: true }],
    ['truncate', '', { truncate: true }],
    ['status', '', { status: 503 }],
  ])('ends requests by %s', async (effect, value, then) => {
    await portal.submit('/portal/faults', { ...fields, retryAfter: '', effect, value, do: 'add' })
    expect(emulator.faults.list()).toMatchObject([
      { when: { endpoint: 'token', clientId: daemon, times: 1 }, then },
    ])
  })

  it('that makes no sense is refused with its name', async () => {
    const answer = await portal.submit('/portal/faults', {
      ...fields,
      effect: 'aadsts',
      value: '1',
      do: 'add',
    })
    expect(answer.status).toBe(400)
    expect(textOf(answer)).toContain('then.aadsts')
  })

  it('of an effect that there is not is refused, and does not become another one', async () => {
    const answer = await portal.submit('/portal/faults', { ...fields, effect: 'melt', do: 'add' })
    expect(answer.status).toBe(400)
    expect(emulator.faults.list()).toEqual([])
  })
})

describe('a policy', () => {
  const fields = {
    kind: 'sign_in_frequency',
    resource: 'To Do API',
    users: 'alice@contoso.onmicrosoft.com',
    agents: '',
    tenant: '',
    authContext: '',
    maxAgeSeconds: '3600',
    name: 'Daily',
  }

  it('is previewed, added, switched and removed', async () => {
    const preview = textOf(await portal.submit('/portal/policies', { ...fields, do: 'preview' }))
    expect(preview).toContain(
      'alice@contoso.onmicrosoft.com, To Do API: a sign-in within 1 hour. AADSTS70043',
    )
    expect(emulator.policies.find('Daily')).toBeUndefined()
    await portal.submit('/portal/policies', { ...fields, do: 'add' })
    const id = emulator.policies.find('Daily')?.id ?? ''
    await portal.submit('/portal/policies', { disable: id })
    expect(emulator.policies.find(id)?.enabled).toBe(false)
    await portal.submit('/portal/policies', { enable: id })
    expect(emulator.policies.find(id)?.enabled).toBe(true)
    await portal.submit('/portal/policies', { remove: id })
    expect(emulator.policies.find(id)).toBeUndefined()
  })

  it('that makes no sense is refused with its name', async () => {
    const answer = await portal.submit('/portal/policies', { ...fields, maxAgeSeconds: '', do: 'add' })
    expect(answer.status).toBe(400)
    expect(textOf(answer)).toContain('policy.maxAgeSeconds')
  })

  it('of a kind that there is not is refused, and does not become another one', async () => {
    const answer = await portal.submit('/portal/policies', { ...fields, kind: 'require_luck', do: 'add' })
    expect(answer.status).toBe(400)
    expect(textOf(answer)).toContain('policy.kind')
  })
})

describe('the clock', () => {
  it('is moved, stopped, let go and reset, and what expires by it is told', async () => {
    await ask()
    expect(textOf(await portal.open('/portal/clock'))).toMatch(/A token of To Do API in 1 h/)
    const moved = textOf(await portal.submit('/portal/clock', { seconds: '86400' }))
    expect(moved).toContain('+1 d from the machine’s time')
    expect(moved).toMatch(/A token of To Do API expired 22 h/)
    await portal.submit('/portal/clock', { do: 'freeze' })
    expect(emulator.clock.setting.frozenAtMs).toBeDefined()
    await portal.submit('/portal/clock', { do: 'resume' })
    expect(emulator.clock.setting.frozenAtMs).toBeUndefined()
    expect(emulator.clock.setting.offsetMs).toBeGreaterThan(80_000_000)
    await portal.submit('/portal/clock', { do: 'reset' })
    expect(emulator.clock.setting).toEqual({ offsetMs: 0 })
  })

  it.each(['', 'soon', '1e12'])('is not moved by %j seconds', async (seconds) => {
    expect((await portal.submit('/portal/clock', { seconds })).status).toBe(400)
    expect(emulator.clock.setting).toEqual({ offsetMs: 0 })
  })
})

describe('what there is too much of', () => {
  it('is said in the form: the 1001st fault, the 201st policy', async () => {
    for (let count = 0; count < 1000; count += 1)
      emulator.faults.add({ when: { user: `nobody${String(count)}` }, then: { status: 500 } })
    const fields = { endpoint: 'token', effect: 'status', value: '503', retryAfter: '', times: '', nth: '' }
    const answer = await portal.submit('/portal/faults', { ...fields, do: 'add' })
    expect(answer.status).toBe(400)
    expect(textOf(answer)).toContain('there can be at most 1000 faults')
    emulator.faults.clear()

    for (let count = emulator.policies.list().length; count < 200; count += 1)
      emulator.policies.add({ kind: 'block', resource: 'To Do API', name: `Policy ${String(count)}` })
    const policy = await portal.submit('/portal/policies', { kind: 'block', resource: '', do: 'add' })
    expect(policy.status).toBe(400)
    expect(textOf(policy)).toContain('at most 200')
    emulator.policies.clear()
  })
})
