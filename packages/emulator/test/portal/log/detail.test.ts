// One request in detail: what it can be taken along as, the sign-in that it is part of, and the cures that fit it, which are no others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RequestRecord } from '../../../src/index.ts'
import { createBrowser, type BrowserPage } from '../../browser.ts'
import {
  accessAsUser,
  authorizeUrl,
  onBehalfOf,
  postToken,
  signInToWebClient,
  webClient,
} from '../../scenario.ts'
import { elementsNamed } from '../../ui/markup.ts'
import { textOf } from '../portal-browser.ts'

let emulator: Emulator
let tokens: Record<string, unknown>
beforeAll(async () => {
  emulator = await createEmulator()
  tokens = (await signInToWebClient(emulator)).body
})
afterAll(() => emulator.stop())

const last = (): RequestRecord => emulator.requests.list().at(-1)!
const openLast = (tab = 'decision'): Promise<BrowserPage> =>
  createBrowser(emulator.origin).open(`${emulator.origin}/_emulator/log/${last().id}?tab=${tab}`)
const exchange = () => postToken(emulator, onBehalfOf(tokens['access_token'] as string))
const actionsOf = ({ html }: BrowserPage): readonly string[] => {
  const [form = ''] = /<form[^>]*class="verdict-actions".*?<\/form>/s.exec(html) ?? []
  return elementsNamed(form, 'button').map(({ attributes }) => attributes['value'] ?? '')
}

describe('a request', () => {
  it('is taken along as a command, and as a test when one can be made of it', async () => {
    await exchange()
    expect(textOf(await openLast())).toMatch(/Copy as curl .*Copy as vitest /)
    await signInToWebClient(emulator)
    expect(last().grantType).toBe('authorization_code')
    const redeemed = textOf(await openLast())
    expect(redeemed).toContain('Copy as curl')
    expect(redeemed).not.toContain('Copy as vitest')
  })

  it('is the one of its sign-in that is no link, and how many came before is said when they are not drawn', async () => {
    const titles = async (): Promise<readonly string[]> =>
      [...(await openLast('chain')).html.matchAll(/<p class="story-title">(.*?)<\/p>/gs)].map(
        ([, title = '']) => title,
      )
    await exchange()
    const few = await titles()
    expect(few.length).toBeGreaterThan(2)
    expect(few.filter((title) => title.includes('<strong aria-current="true">'))).toEqual([few.at(-1)])
    expect(few.filter((title) => title.includes('<a href="/_emulator/log/'))).toEqual(few.slice(0, -1))
    expect(textOf(await openLast('chain'))).not.toContain('of this sign-in are not drawn')
    for (let count = 0; count < 12; count += 1) await exchange()
    expect(await titles()).toHaveLength(12)
    expect(textOf(await openLast('chain'))).toMatch(/ \d+ earlier requests of this sign-in are not drawn\./)
  })
})

describe('a cure', () => {
  it('by a redirect URI is for a request that was refused for it, and for no other', async () => {
    await fetch(authorizeUrl(emulator, { scope: 'api://nothing/here' }), { redirect: 'manual' })
    expect(last()).toMatchObject({ parameters: { redirect_uri: expect.any(String) as unknown } })
    expect(last().error).not.toContain(50011)
    expect(actionsOf(await openLast())).toEqual(['replay'])
    await fetch(authorizeUrl(emulator, { redirect_uri: 'http://127.0.0.1/not-there' }))
    expect(last().error).toEqual([50011])
    expect(actionsOf(await openLast())).toEqual(['redirect-uri spa', 'replay'])
    // The log keeps the beginning of a long one alone.
    await fetch(authorizeUrl(emulator, { redirect_uri: `http://127.0.0.1/${'x'.repeat(500)}` }))
    expect(last().error).toEqual([50011])
    expect(actionsOf(await openLast())).toEqual([])
    for (const changes of [
      { redirect_uri: undefined },
      { client_id: '99999999-0000-4000-8000-000000000009' },
    ]) {
      await fetch(authorizeUrl(emulator, changes))
      expect(last().status).toBe(400)
      expect(actionsOf(await openLast())).toEqual(['replay'])
    }
  })

  it('by a consent needs the scopes that it would be for: a refresh without them has none', async () => {
    const tenantId = last().tenant ?? ''
    const refresh = { grant_type: 'refresh_token', client_id: webClient }
    const refresh_token = tokens['refresh_token'] as string
    const headers = { origin: 'http://localhost:3000' }
    await emulator.directory.consents.revoke({ tenantId, clientId: webClient })
    await postToken(emulator, { ...refresh, refresh_token, scope: accessAsUser }, { headers })
    expect(last().error).toEqual([65001])
    expect(actionsOf(await openLast())).toEqual(['consent-user', 'consent-all'])
    await postToken(emulator, { ...refresh, refresh_token }, { headers })
    expect(last().error).toEqual([65001])
    expect(actionsOf(await openLast())).toEqual([])
  })
})
