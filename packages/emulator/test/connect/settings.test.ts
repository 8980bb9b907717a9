// The settings as text: what does not fit is refused with a reason, and every value stays a value of its language.
import { transpileModule } from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientNames, clientSettings } from '../../src/connect/client-settings.ts'
import { describeConnection } from '../../src/connect/connection.ts'
import { curl } from '../../src/connect/curl.ts'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { contoso, daemon, middleTier, webClient } from '../scenario.ts'
import { printed } from './run-printed.ts'

const hostile = `it's "quoted" \\ $HOME`
const oddApplication = {
  id: 'a0000000-0000-4000-8000-0000000000d1',
  displayName: 'Odd',
  tenantId: contoso,
  secrets: [{ value: 'gone', expires: '2020-01-01T00:00:00Z' }, { value: hostile }],
} as const
const publicApplication = {
  id: 'a0000000-0000-4000-8000-0000000000d2',
  displayName: 'Tool',
  tenantId: contoso,
  redirectUris: { publicClient: ['http://localhost'] },
} as const

let http: Emulator
let https: Emulator
beforeAll(async () => {
  const applications = [...defaultDirectory.applications, oddApplication, publicApplication]
  const directory = { ...defaultDirectory, applications }
  http = await createEmulator({ directory })
  https = await createEmulator({ directory, httpsPort: 0 })
})
afterAll(() => Promise.all([http.stop(), https.stop()]))

const javascript = clientNames.filter(
  (name) => /^(midtier|msal-|azure-|openid-)/.test(name) && name !== 'msal-python',
)

describe('settings', () => {
  it.each(javascript.filter((name) => name !== 'msal-browser'))(
    'are one valid program of %s, whatever the secret is, and have none that has expired',
    async (client) => {
      const text = await printed(https, client, 'Odd')
      expect(transpileModule(text, { reportDiagnostics: true }).diagnostics).toEqual([])
      expect(text).toContain(oddApplication.id)
      expect(text).toContain(String.raw`'it\'s "quoted" \\ $HOME'`)
      expect(text).not.toContain('gone')
    },
  )

  it.each(['msal-python', 'msal4j', 'msal.net'])(
    'are quoted for %s, with the CA and without',
    async (client) => {
      const text = await printed(https, client, 'Odd')
      expect(text).toContain(String.raw`"it's \"quoted\" \\ $HOME"`)
      expect(text).toContain(`"${https.httpsOrigin!}/${contoso}`)
      expect(text).toContain(`Once: curl -so midtier-emulator-ca.pem ${https.origin}/_emulator/ca.pem`)
      expect(text).toContain('.default"')
    },
  )

  it.each([
    ['msal-python', 'PublicClientApplication('],
    ['msal4j', 'PublicClientApplication app = PublicClientApplication\n'],
    ['msal.net', 'PublicClientApplicationBuilder.Create('],
    ['msal-node', 'PublicClientApplication({'],
    ['openid-client', 'client.None()'],
  ])('are those of a public client of %s, for an application without a secret', async (client, said) => {
    expect(await printed(https, client, 'Tool')).toContain(said)
  })

  it('are found by display name, id and application ID URI', async () => {
    const byName = await printed(http, 'midtier', 'to do list MIDDLE tier')
    expect(await printed(http, 'midtier', middleTier)).toBe(byName)
    expect(await printed(http, 'midtier', `api://${middleTier}`)).toBe(byName)
  })

  it('name the public origin alone, which has a certificate of its own', async () => {
    const origins = {
      ...{ issuer: 'https://login.contoso.test', isFixed: true },
      ...{ http: 'http://localhost:1', https: 'https://localhost:2' },
    }
    const source = { origins, directory: http.directory, clock: http.clock }
    const text = clientSettings(source, { client: 'msal-python', application: daemon })
    expect(text).toContain(`authority="https://login.contoso.test/${contoso}"`)
    expect(text).not.toMatch(/localhost|CA_BUNDLE/)
  })

  it.each([
    [
      'azure-identity',
      'Nightly report daemon',
      'azure-identity takes no http authority: start the emulator with --https-port',
    ],
    ['msal-python', 'Nightly report daemon', 'msal-python takes no http authority'],
    ['msal4j', 'Nightly report daemon', 'msal4j takes no http authority'],
    ['msal.net', 'Nightly report daemon', 'msal.net takes no http authority'],
    ['msal-browser', 'Nightly report daemon', 'msal-browser needs a redirect URI of the platform spa'],
    ['adal', 'Nightly report daemon', 'client: "adal" is none of midtier, msal-node'],
    ['toString', 'Nightly report daemon', 'client: "toString" is none of'],
    ['curl', 'Nobody', 'application: "Nobody" is none; there are "To Do list web client"'],
  ])('are refused for %s as %s, with the reason', async (client, app, said) => {
    await expect(printed(http, client, app)).rejects.toThrow(said)
  })

  it.each(['azure-identity', 'msal-python', 'msal4j', 'msal.net'])(
    'are refused for %s by the http listener of an emulator that has both',
    async (client) => {
      await expect(printed(https, client, 'Nightly report daemon', '--listener', 'http')).rejects.toThrow(
        `${client} takes no http authority`,
      )
    },
  )

  it('are refused by a listener that there is not', async () => {
    await expect(printed(http, 'curl', 'Nightly report daemon', '--listener', 'https')).rejects.toThrow(
      'there is no https listener: start the emulator with --https-port',
    )
    expect(() => http.registration(daemon, { listener: 'https' })).toThrow('there is no https listener')
  })

  it('tell the owner of a browser to trust the CA, or to take http', async () => {
    const text = await printed(https, 'msal-browser', 'To Do list web client')
    expect(text).toContain('// The browser has to trust the CA in midtier-emulator-ca.pem; or')
    expect(await printed(https, 'msal-browser', 'To Do list web client', '--listener', 'http')).not.toContain(
      'CA',
    )
  })

  it('of a client that needs a secret are refused to an application that has none', async () => {
    await expect(printed(https, 'azure-identity', webClient)).rejects.toThrow(
      'azure-identity needs a secret, which To Do list web client has not',
    )
  })

  it('of curl are comments and commands, whatever somebody is called', () => {
    const source = {
      origins: { issuer: http.origin, http: http.origin, https: undefined, isFixed: false },
      directory: http.directory,
      clock: http.clock,
    }
    const connection = describeConnection(source, webClient, undefined)
    const user = 'x\ntouch /tmp/pwned\u2028y'
    const text = curl({ ...connection, userToken: { ...connection.userToken, user } })
    expect(text).toContain('# A token for x touch /tmp/pwned y without a sign-in')
    expect(text.split('\n').filter((line) => line.startsWith('touch'))).toEqual([])
  })

  it('are given to programs alone, which say what they want', async () => {
    const ask = (headers: Record<string, string>, body: object): Promise<Response> =>
      fetch(`${http.origin}/_emulator/settings`, { method: 'POST', headers, body: JSON.stringify(body) })
    const json = { 'content-type': 'application/json' }
    const wanted = { client: 'curl', application: daemon }
    const answer = await ask(json, wanted)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((await ask({ ...json, origin: 'http://localhost:3000' }, wanted)).status).toBe(403)
    expect((await ask({ 'content-type': 'text/plain' }, wanted)).status).toBe(403)
    expect((await ask(json, { client: 'curl' })).status).toBe(400)
    expect((await ask(json, { application: daemon })).status).toBe(400)
    expect((await ask(json, { ...wanted, listener: 'ftp' })).status).toBe(400)
  })
})

describe('the command config', () => {
  it.each([
    [['--app', daemon], '--client: is missing: midtier, msal-node'],
    [['--client', 'curl'], '--app: is missing'],
    [['--client', 'curl', '--nonsense'], "Unknown option '--nonsense'"],
  ])('says what is wrong with %j', async (args, said) => {
    const { runCommand } = await import('../../src/bin/command-line.ts')
    const ignore = (): void => undefined
    const running = runCommand(['config', ...args], { write: ignore, writeError: ignore })
    await expect(running).rejects.toThrow(said)
  })
})
