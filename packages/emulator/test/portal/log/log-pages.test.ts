// The pages of the sign-in log without script: what they show, where they lead, what their forms do, and how large they become.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RequestRecord } from '../../../src/index.ts'
import { createBrowser, type Browser, type BrowserPage } from '../../browser.ts'
import {
  authorizeUrl,
  middleTier,
  onBehalfOf,
  password,
  middleTierSecret,
  postToken,
  signInToWebClient,
} from '../../scenario.ts'
import { elementsNamed } from '../../ui/markup.ts'
import { textOf } from '../portal-browser.ts'

let emulator: Emulator
let accessToken: string
let browser: Browser
beforeAll(async () => {
  emulator = await createEmulator()
  accessToken = (await signInToWebClient(emulator)).body['access_token'] as string
})
afterAll(() => emulator.stop())
beforeEach(() => {
  browser = createBrowser(emulator.origin)
  for (const { id } of emulator.policies.list()) emulator.policies.disable(id)
})

const last = (): RequestRecord => emulator.requests.list().at(-1)!
const open = (path: string): Promise<BrowserPage> => browser.open(`${emulator.origin}${path}`)
const openLast = (tab = 'decision'): Promise<BrowserPage> => open(`/_emulator/log/${last().id}?tab=${tab}`)

const refusePolicy = async (): Promise<void> => {
  emulator.policies.add({ name: 'MFA', kind: 'require_mfa', resource: 'To Do API' })
  await postToken(emulator, onBehalfOf(accessToken))
}

describe('a request', () => {
  it('is headed by its status, and by what it was refused with in the words of who refused', async () => {
    const heading = async (): Promise<string> =>
      /<h1.*?<\/h1>/s.exec((await openLast()).html)?.[0].replaceAll(/<[^>]+>/g, '') ?? ''
    await postToken(emulator, onBehalfOf('no token'))
    expect(await heading()).toMatch(/ 400 · AADSTS50027$/)
    await fetch(`${emulator.origin}/v1.0/me`)
    expect(await heading()).toMatch(/ 401 · InvalidAuthenticationToken$/)
  })
})

describe('the list', () => {
  it('has each request as a link that carries the query on', async () => {
    const { html, headers } = await open('/_emulator/log?q=user:alice')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    const links = elementsNamed(html, 'a').filter(({ attributes }) => attributes['class'] === 'entry')
    expect(links.length).toBeGreaterThan(2)
    expect(links[0]?.attributes['href']).toMatch(/^\/_emulator\/log\/[0-9a-f-]{36}\?q=user%3Aalice#detail$/)
    expect(html).toContain('alice → To Do list web client')
  })

  it('has one style, which stands in it and which its policy allows by its hash', async () => {
    const { html, headers } = await open('/_emulator/log')
    const [, css = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? []
    const hash = createHash('sha256').update(css).digest('base64')
    expect(headers.get('content-security-policy')).toContain(`; style-src 'sha256-${hash}'; img-src`)
    expect(css).not.toMatch(/@import|url\(/)
    expect(html).not.toContain('rel="stylesheet"')
    const detail = await openLast()
    expect(detail.html).not.toContain('<style')
    expect(detail.headers.get('content-security-policy')).toContain("; style-src 'self'; img-src")
  })

  it('says what fits nothing', async () => {
    expect((await open('/_emulator/log?q=user:nobody')).html).toContain('Nothing fits')
  })

  it('never becomes markup of what it is asked, or of what was asked of the emulator', async () => {
    const attack = '"><script>alert(1)</script>'
    await fetch(
      `${emulator.origin}/${encodeURIComponent('<b>')}/oauth2/v2.0/authorize?client_id=${encodeURIComponent(attack)}&state=${encodeURIComponent(attack)}`,
    )
    for (const tab of ['decision', 'chain', 'request', 'response', 'raw'])
      expect((await openLast(tab)).html).not.toContain('<script>')
    expect((await open(`/_emulator/log?q=${encodeURIComponent(attack)}`)).html).not.toContain('<script>')
  })

  it('says that a request is gone', async () => {
    const { status, html } = await open('/_emulator/log/no-such-request')
    expect(status).toBe(404)
    expect(html).toContain('no longer has this request')
  })

  it('is bounded: a thousand requests are pages of at most 100 KB, the older ones a link away', async () => {
    const other = await createEmulator()
    const token = await other.mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: middleTier,
      audience: middleTier,
      scopes: ['access_as_user'],
    })
    await postToken(other, onBehalfOf(token))
    const [template] = other.requests.list()
    for (let count = 0; count < 1000; count += 1)
      other.requests.add({
        ...template!,
        id: `a${String(count)}`,
        correlationId: `group ${String(count % 100)}`,
        presented: undefined,
        issued: undefined,
      })
    const seen = new Set<string>()
    let path: string | undefined = '/_emulator/log'
    while (path !== undefined) {
      const { html } = await createBrowser(other.origin).open(`${other.origin}${path}`)
      expect(Buffer.byteLength(html)).toBeLessThan(100_000)
      for (const [, id = ''] of html.matchAll(/id="group-([^"]+)"/g)) seen.add(id)
      path = /class="log-older"><a href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen.size).toBe(100)
    await other.stop()
  })
})

describe('a request', () => {
  it('that a policy refused is explained, and served after the policy was turned off from there', async () => {
    await refusePolicy()
    const page = await openLast()
    expect(page.html).toContain('Refused by the policy “MFA”')
    expect(page.html).toContain('Policy: MFA')
    const policy = emulator.policies.find('MFA')!
    const answer = await browser.submit(page, { action: `policy-off ${policy.id}` })
    expect(answer.location?.pathname).toBe(`/_emulator/log/${last().id}`)
    expect(emulator.policies.find('MFA')?.enabled).toBe(false)
    expect(textOf(await openLast())).toContain('Turned off “MFA” Undo')
    const before = last().id
    const replayed = await browser.submit(await openLast(), { action: 'replay' })
    expect(replayed.location?.pathname).toBe(`/_emulator/log/${last().id}`)
    expect(last().id).not.toBe(before)
    expect(last()).toMatchObject({ status: 200, resource: 'To Do API' })
  })

  it('has a switch for each policy that is there, which is turned on again from there', async () => {
    await refusePolicy()
    const policy = emulator.policies.find('MFA')!
    emulator.policies.disable(policy.id)
    const page = await openLast('policies')
    expect(textOf(page)).toMatch(/MFA not met it demands amr with mfa, the session has pwd Turn on/)
    await browser.submit(page, { action: `policy-on ${policy.id}` })
    expect(emulator.policies.find('MFA')?.enabled).toBe(true)
    expect(textOf(await openLast('policies'))).toMatch(/Turned on “MFA” Undo.*MFA not met .*? Turn off/)
  })

  it('is changed by a form of its own pages alone', async () => {
    await refusePolicy()
    const body = new URLSearchParams({ action: `policy-off ${emulator.policies.find('MFA')!.id}` })
    const response = await fetch(`${emulator.origin}/_emulator/log/${last().id}`, { method: 'POST', body })
    expect(response.status).toBe(403)
    expect(emulator.policies.find('MFA')?.enabled).toBe(true)
  })

  it('with an unknown redirect URI is cured by adding it, as a platform that the application has', async () => {
    const uri = 'http://127.0.0.1:3999/other'
    await createBrowser(emulator.origin).open(authorizeUrl(emulator, { redirect_uri: uri }))
    const page = await openLast()
    expect(page.html).toContain('Add the redirect URI as spa')
    expect(page.html).not.toContain('Add the redirect URI as web')
    await browser.submit(page, { action: 'redirect-uri spa' })
    expect(textOf(await openLast())).toContain('Added the redirect URI as spa Undo')
    await createBrowser(emulator.origin).open(authorizeUrl(emulator, { redirect_uri: uri }))
    expect(last().error).toBeUndefined()
    // What was done cannot be done twice.
    expect((await browser.submit(page, { action: 'redirect-uri web' })).status).toBe(400)
  })

  it('without consent is cured by adding it', async () => {
    const tenantId = last().tenant ?? ''
    await emulator.directory.consents.revoke({ tenantId, clientId: middleTier })
    await postToken(emulator, onBehalfOf(accessToken))
    expect(last().error).toEqual([65001])
    const page = await openLast()
    expect(page.html).toContain('Add the consent of Alice Adams')
    await browser.submit(page, { action: 'consent-user' })
    expect(textOf(await openLast())).toContain('Added the consent of Alice Adams Undo')
    await postToken(emulator, onBehalfOf(accessToken))
    expect(last().status).toBe(200)
  })

  it('tells what its tokens say and how the issued one differs, and shows nothing that opens a door', async () => {
    await postToken(emulator, onBehalfOf(accessToken))
    const { html: tokens } = await openLast('tokens')
    expect(tokens).toContain('audience: the API that may accept it')
    expect(tokens).toMatch(/was <code>access_as_user<\/code>/)
    const pages = await Promise.all(
      ['decision', 'request', 'response', 'tokens', 'policies', 'raw'].map(
        async (tab) => (await openLast(tab)).html,
      ),
    )
    const opening = [password, middleTierSecret, ...accessToken.split('.').filter((part) => part.length > 10)]
    expect(opening.filter((secret) => pages.some((html) => html.includes(secret)))).toEqual([])
    expect(pages[2]).toContain('••• ')
  })

  it('numbers the tokens of its sign-in in the chain', async () => {
    await postToken(emulator, onBehalfOf(accessToken))
    const { html } = await openLast()
    const numbers = [...html.matchAll(/class="ticket"[^>]*><span[^>]*>token <\/span>(\d+)/g)].map(
      ([, number]) => number,
    )
    expect(numbers[0]).toBe('1')
    expect(Number(numbers[1])).toBeGreaterThan(1)
    expect(html).toContain('To Do list middle tier, by a secret')
  })

  it('says why it cannot be asked again', async () => {
    await signInToWebClient(emulator)
    expect(last().grantType).toBe('authorization_code')
    expect((await openLast()).html).toContain('A code is good once')
  })
})
