// What is asked again from the sign-in log: the same as before, without a secret in the log, and only when it can be.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RequestRecord } from '../../../src/index.ts'
import { createBrowser, parseForm, type Browser, type BrowserPage } from '../../browser.ts'
import { authorizeUrl, middleTier } from '../../scenario.ts'

let emulator: Emulator
let browser: Browser
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(() => {
  browser = createBrowser(emulator.origin)
})

const last = (): RequestRecord => emulator.requests.list().at(-1)!
const open = (path: string): Promise<BrowserPage> => browser.open(`${emulator.origin}${path}`)
const openLast = (): Promise<BrowserPage> => open(`/_emulator/log/${last().id}`)

describe('a request', () => {
  it('is asked again without the secret of its client in a parameter that looks masked', async () => {
    const { secrets = [] } = emulator.directory.findApplication(middleTier)!
    const query = new URLSearchParams({
      client_id: middleTier,
      response_type: 'code',
      state: '••• 3 characters',
    })
    await fetch(`${emulator.origin}/organizations/oauth2/v2.0/authorize?${query.toString()}`)
    const before = last().id
    await browser.submit(await openLast(), { action: 'replay' })
    expect(last().id).not.toBe(before)
    const recorded = JSON.stringify(emulator.requests.list())
    expect(secrets.map(({ value }) => recorded.includes(value))).toEqual([false])
  })

  it('that cannot be asked again is not, whoever posts the form', async () => {
    await fetch(`${emulator.origin}/organizations/oauth2/v2.0/authorize`, { method: 'POST' })
    const before = last().id
    const page = await open('/portal/clock')
    const { form = '' } = parseForm(page.html, ['form']).fields
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(`${emulator.origin}/_emulator/log/${before}`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ form, action: 'replay' }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('It was posted by a page.')
    expect(last().id).toBe(before)
  })

  it('is asked again whatever its correlation id is made of', async () => {
    const query = new URLSearchParams({ client_id: middleTier, 'client-request-id': '€\n' })
    await fetch(`${emulator.origin}/organizations/oauth2/v2.0/authorize?${query.toString()}`)
    const before = last()
    const replayed = await browser.submit(await openLast(), { action: 'replay' })
    expect(replayed.status).toBe(303)
    expect(last().id).not.toBe(before.id)
    expect(last().correlationId).toBe(before.correlationId)
  })

  it('whose redirect URI the log keeps only in part is neither asked again nor cured by that part', async () => {
    const uri = `http://127.0.0.1:3999/${'x'.repeat(500)}`
    await browser.open(authorizeUrl(emulator, { redirect_uri: uri }))
    expect(last()).toMatchObject({ error: [50011] })
    const { html } = await openLast()
    expect(html).toContain('The log keeps only the beginning of redirect_uri.')
    expect(html).not.toContain('Add the redirect URI')
  })
})
