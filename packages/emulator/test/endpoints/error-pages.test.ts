// Error pages say what the emulator knows: what would have fitted, what is near, the way to the log, and "add it".
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { differenceOf } from '../../src/directory/near-redirect-uri.ts'
import { createBrowser } from '../browser.ts'
import { textOf } from '../portal/portal-browser.ts'
import { expectDecisions } from '../decisions.ts'
import { authorizeUrl, contoso, signIn, webClient } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

describe('a redirect URI that is not registered', () => {
  it.each<[string, string]>([
    ['http://localhost:3000/', 'http://localhost:3000/callback'],
    ['https://a.example/x', 'https://a.example/X'],
  ])('has the near one of %s and %s told', (registered, presented) => {
    expect(differenceOf(registered, presented)).toBeDefined()
  })

  it.each<[string, string, string | undefined]>([
    ['https://a.example/x', 'https://a.example/x/', 'without the slash at the end'],
    ['https://a.example/x/', 'https://a.example/x', 'with a slash at the end'],
    ['https://a.example/x', 'https://a.example/X', 'in other letters, upper and lower case'],
    ['https://a.example/x', 'http://a.example/x', 'with another scheme'],
    ['https://a.example/x', 'https://b.example/x', 'with another host'],
    ['http://127.0.0.1:1/x', 'http://127.0.0.1:2/x', 'with another port'],
    ['https://a.example/x', 'https://a.example/y', 'with another path'],
    ['https://a.example/x', 'https://a.example/x?y', 'with another query'],
    ['https://a.example/x', 'https://a.example/x#y', 'without the fragment'],
    ['https://a.example/x', 'https://b.example/y', undefined],
    ['https://a.example/x', 'nonsense', undefined],
  ])('%s is near to %s: %s', (registered, presented, difference) => {
    expect(differenceOf(registered, presented)).toBe(difference)
  })

  it('is shown beside those that are, and added by a press, after which the sign-in goes on', async () => {
    const uri = 'http://localhost:3000/callback'
    const url = authorizeUrl(emulator, { redirect_uri: uri })
    const browser = createBrowser(emulator.origin)
    const page = await browser.open(url)
    expect(page.status).toBe(400)
    const text = textOf(page)
    expect(text).toContain('Redirect URIs of To Do list web client')
    expect(text).toContain('nearly: the same with another path')
    expect(page.html).toContain(`href="/_emulator/log/${emulator.requests.list().at(-1)?.id ?? 'none'}"`)
    const added = await browser.submit(page, {})
    expect(added.location?.href).toBe(url)
    expect(emulator.directory.findApplication(webClient)?.redirectUris?.spa).toContain(uri)
    expect((await signIn(browser, url)).location?.href).toContain(`${uri}?code=`)
  })

  it('is added to nothing when it is no address', async () => {
    const page = await createBrowser(emulator.origin).open(
      authorizeUrl(emulator, { redirect_uri: 'nonsense' }),
    )
    expect(page.html).not.toContain('Add it')
  })
})

describe('names that the directory does not have', () => {
  it('are answered with the applications that there are', async () => {
    const url = authorizeUrl(emulator, { client_id: '99999999-0000-4000-8000-000000000000' })
    const text = textOf(await createBrowser(emulator.origin).open(url))
    expect(text).toContain('Applications that there are')
    expect(text).toContain(`${webClient} To Do list web client`)
    expect(text).not.toContain('Microsoft Graph')
  })

  it('are answered with the tenants that there are', async () => {
    const url = authorizeUrl(emulator, {}, 'nowhere.example')
    const text = textOf(await createBrowser(emulator.origin).open(url))
    expect(text).toContain(`contoso.onmicrosoft.com Contoso, ${contoso}`)
  })

  it('name a few of many', async () => {
    const [tenant] = emulator.directory.tenants
    const before = emulator.directory.snapshot()
    const more = Array.from({ length: 20 }, (_, index) => ({
      ...tenant!,
      id: `eeeeeeee-0000-4000-8000-0000000000${String(index).padStart(2, '0')}`,
      domains: [`t${String(index)}.example`],
    }))
    const data = emulator.directory.toData()
    emulator.directory.replace({ ...data, tenants: [...data.tenants, ...more] })
    const text = textOf(
      await createBrowser(emulator.origin).open(authorizeUrl(emulator, {}, 'nowhere.example')),
    )
    emulator.directory.restore(before)
    expect(text).toContain('And 10 more.')
  })
})

describe('the page of an error code', () => {
  it.each([50011, 500131, 90002, 700016, 50076])(
    'explains %d without holes, and says what to do',
    async (code) => {
      const page = await createBrowser(emulator.origin).open(`${emulator.origin}/error?code=${String(code)}`)
      expect(page.status).toBe(200)
      expect(page.html).not.toMatch(/\{\w+\}/)
      expect(textOf(page)).toContain('What to do')
    },
  )
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/error-pages.txt')
})
