// Unmodified @azure/msal-browser in Chromium, in a page of its own origin.
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import * as msal from '@azure/msal-browser'
import { chromium, type Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { accessAsUser, alice, claimsOf, contoso, password, webClient, type Json } from '../../scenario.ts'
import { authorityMetadata } from '../../msal/configuration.ts'
import { withFile } from '../../connect/run-printed.ts'
import { versionOf } from '../all/versions.ts'
import { namesOf, type Client } from '../client.ts'
import type { World } from '../world.ts'

/** What the page offers: MSAL as its script calls it. */
interface Application {
  signIn(): Promise<void>
  signedIn(): Promise<string | undefined>
  refresh(): Promise<string>
  signOut(): Promise<void>
}
declare global {
  var application: Application
}

const script = ({ emulator }: World): string => `
import { PublicClientApplication } from '@azure/msal-browser'
const client = new PublicClientApplication({ auth: {
  clientId: '${webClient}',
  authority: 'https://login.microsoftonline.com/${contoso}',
  authorityMetadata: ${JSON.stringify(authorityMetadata(emulator.origin))},
  redirectUri: location.origin + '/',
} })
const scopes = ['${accessAsUser}']
await client.initialize()
const result = await client.handleRedirectPromise()
globalThis.application = {
  signIn: () => client.loginRedirect({ scopes }),
  signedIn: async () => result?.accessToken,
  refresh: async () => {
    const [account] = client.getAllAccounts()
    return (await client.acquireTokenSilent({ scopes, account, forceRefresh: true })).accessToken
  },
  signOut: () => client.logoutRedirect({ account: client.getAllAccounts()[0], postLogoutRedirectUri: location.origin + '/' }),
}
`

async function bundle(text: string): Promise<string> {
  return withFile('page.js', text, async (input) => {
    const built = await rolldown({ input, platform: 'browser' })
    const { output } = await built.generate({ format: 'esm', codeSplitting: false })
    return output[0].code
  })
}

interface Site {
  readonly page: Page
  readonly origin: string
  close(): Promise<void>
}

let site: Promise<Site> | undefined

async function openSite(world: World): Promise<Site> {
  const code = await bundle(script(world))
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? code : '<!doctype html><script type="module" src="/page.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  // The port of localhost does not matter for a redirect URI.
  const origin = `http://localhost:${String((server.address() as AddressInfo).port)}`
  const close = async (): Promise<void> => {
    server.close()
    await browser.close()
  }
  return { page: await browser.newPage(), origin, close }
}

const ready = (page: Page): Promise<unknown> => page.waitForFunction(() => 'application' in globalThis)

async function signIn(world: World): Promise<Site> {
  const opened = await (site ??= openSite(world))
  const { page, origin } = opened
  await page.context().clearCookies()
  await page.goto(origin)
  await page.evaluate(() => sessionStorage.clear())
  await page.reload()
  await ready(page)
  await page.evaluate(() => void application.signIn())
  await page.locator('input[name=username]').fill(alice)
  await page.locator('input[name=password]').fill(password)
  await page.keyboard.press('Enter')
  const accept = page.locator('button[name=consent][value=accept]')
  const back = page.waitForURL((url) => url.origin === origin)
  await Promise.race([back, accept.waitFor().then(() => accept.click())])
  await back
  await ready(page)
  return opened
}

async function signOut(world: World): Promise<Json> {
  const { page, origin } = await signIn(world)
  await page.evaluate(() => void application.signOut())
  await page.waitForURL((url) => url.origin === origin && url.searchParams.has('state'))
  await ready(page)
  const query = new URLSearchParams({
    ...{ client_id: webClient, redirect_uri: `${origin}/`, response_type: 'code', prompt: 'none' },
    ...{ scope: 'openid', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
  })
  await page.goto(`${world.emulator.origin}/${contoso}/oauth2/v2.0/authorize?${query.toString()}`)
  return { error: new URL(page.url()).searchParams.get('error') }
}

const page = 'a page keeps no secret'

export const msalBrowser: Client = {
  name: '@azure/msal-browser',
  version: versionOf('@azure/msal-browser'),
  reach: 'http, `authorityMetadata`',
  names: () => namesOf(msal),
  cells: {
    code: async (world) => {
      const { page: tab } = await signIn(world)
      return claimsOf((await tab.evaluate(() => application.signedIn())) ?? '')
    },
    refresh: async (world) => {
      const { page: tab } = await signIn(world)
      return claimsOf(await tab.evaluate(() => application.refresh()))
    },
    secret: { because: page, lacks: /clientCredential|clientSecret/i },
    certificate: { because: page, lacks: /certificate/i },
    onBehalfOf: { because: page, lacks: /behalf/i },
    deviceCode: { because: 'it has a browser', lacks: /device/i },
    password: { because: 'it leaves passwords to the sign-in page', lacks: /password/i },
    hybrid: { because: 'it asks for codes alone', lacks: /hybridFlow|codeIdToken/i },
    implicit: { because: 'it left with version 2', lacks: /implicit/i },
    managedIdentity: { because: page, lacks: /managedIdentity/i },
    logout: signOut,
    userinfo: { because: 'it reads the id_token alone', lacks: /userinfo/i },
    keys: { because: 'it takes tokens from the token endpoint, unverified', lacks: /jwks|verifyToken/i },
  },
  stop: async () => (await site)?.close(),
}
