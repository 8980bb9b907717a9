// Agents at the authorize endpoint: nobody signs in to a blueprint or as an agent, and consent is the blueprint's.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { createBrowser, parseForm, type BrowserPage } from '../../browser.ts'
import {
  answerOf,
  agent,
  alice,
  assistant,
  authorizeUrl,
  blueprint,
  bob,
  contoso,
  exchangeToken,
  password,
  postToken,
  provedBy,
  signIn,
  webClient,
} from '../../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

const consented = 'http://localhost:3000/consented'
const forBlueprint = {
  client_id: blueprint,
  redirect_uri: consented,
  response_type: 'none',
  scope: 'Mail.Read',
  code_challenge: undefined,
  code_challenge_method: undefined,
}
const open = (changes: Record<string, string | undefined>): Promise<BrowserPage> =>
  createBrowser(emulator.origin).open(authorizeUrl(emulator, { ...forBlueprint, ...changes }))

describe('an agent', () => {
  it('is consented to by nobody: a page says so, whatever the redirect URI', async () => {
    const byUser = await open({ client_id: agent })
    const url = `${emulator.origin}/${contoso}/v2.0/adminconsent?client_id=${agent}&scope=Mail.Read`
    const byAdministrator = await createBrowser(emulator.origin).open(url)
    for (const page of [byUser, byAdministrator]) {
      expect(page.status).toBe(400)
      expect(page.location).toBeUndefined()
      expect(page.html).toContain('AADSTS82014')
      expect(page.html).toContain('Contoso Assistant')
      expect(page.html).toContain(blueprint)
    }
  })
})

describe('a blueprint', () => {
  it.each(['code', 'id_token', 'code id_token'])('signs nobody in, with response_type=%s', async (type) => {
    const page = await open({ response_type: type })
    expect(page.location?.href).toMatch(new RegExp(`^${consented}[?#]`))
    expect(answerOf(page).get('error')).toBe('unsupported_response_type')
    expect(answerOf(page).get('error_description')).toMatch(/^AADSTS700054: /)
  })

  it('is the only one with response_type=none', async () => {
    const changes = { client_id: webClient, redirect_uri: 'http://localhost:3000/' }
    expect((await open(changes)).location?.searchParams.get('error')).toBe('unsupported_response_type')
  })

  it('is consented to, which gives back no code, and counts for its agents', async () => {
    const mail = async (): Promise<number> => {
      const assertion = await emulator.mint({
        user: bob,
        client: webClient,
        audience: blueprint,
        scopes: ['access_agent'],
      })
      const answer = await postToken(emulator, {
        ...provedBy(await exchangeToken(emulator)),
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion,
        scope: 'Mail.Read',
      })
      return answer.status
    }
    expect(await mail()).toBe(400)
    const page = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator, forBlueprint), {
      username: bob,
    })
    expect(page.location?.href.startsWith(`${consented}?`)).toBe(true)
    expect([...(page.location?.searchParams.keys() ?? [])].sort()).toEqual(['session_state', 'state'])
    expect(page.location?.searchParams.get('state')).toBe('the-state')
    expect(await mail()).toBe(200)
    const nothing = emulator.requests.list().findLast(({ endpoint }) => endpoint === 'interaction')
    expect(nothing).toMatchObject({ user: bob, tenant: contoso, status: 302 })
    expect(emulator.requests.list().find(({ endpoint }) => endpoint === 'interaction')).toMatchObject({
      user: bob,
      clientId: blueprint,
    })
  })

  it('is consented to by an administrator for everyone', async () => {
    const url = `${emulator.origin}/${contoso}/v2.0/adminconsent?client_id=${blueprint}&scope=Mail.Read`
    const page = await signIn(createBrowser(emulator.origin), url, { username: alice })
    expect(page.location?.searchParams.get('admin_consent')).toBe('True')
  })
})

describe('the user account of an agent', () => {
  it('is not offered at the sign-in, and has no password that would do', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.open(authorizeUrl(emulator))
    expect(page.html).toContain(alice)
    expect(page.html).not.toContain(assistant)
    for (const attempt of [{ password: '' }, { password }, { suggested: 'on' }, { password: 'undefined' }]) {
      const refused = await browser.submit(page, { username: assistant, ...attempt })
      expect(refused.html).toContain('Your account or password is incorrect.')
      expect(parseForm(refused.html).action).toMatch(/\/login$/)
    }
  })
})
