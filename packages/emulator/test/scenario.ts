// The ids of the default directory, and the requests that many tests make.
import { createHash, randomBytes } from 'node:crypto'
import type { Emulator } from '../src/index.ts'
import { createBrowser, parseForm, type Browser, type BrowserPage } from './browser.ts'

export const contoso = 'c0000000-0000-4000-8000-000000000001'
export const fabrikam = 'f0000000-0000-4000-8000-000000000001'
export const alice = 'alice@contoso.onmicrosoft.com'
export const bob = 'bob@contoso.onmicrosoft.com'
export const carol = 'carol@fabrikam.onmicrosoft.com'
export const password = 'Passw0rd!'
export const webClient = 'a0000000-0000-4000-8000-000000000001'
export const middleTier = 'a0000000-0000-4000-8000-000000000002'
export const middleTierSecret = 'middle-tier-secret-for-local-use-only'
export const todoApi = 'a0000000-0000-4000-8000-000000000003'
export const daemon = 'a0000000-0000-4000-8000-000000000004'
export const daemonSecret = 'daemon-secret-for-local-use-only'
export const legacyApi = 'a0000000-0000-4000-8000-000000000005'
export const blueprint = 'a0000000-0000-4000-8000-000000000006'
export const blueprintSecret = 'blueprint-secret-for-local-use-only'
export const agent = 'a0000000-0000-4000-8000-000000000007'
export const commandLine = 'a0000000-0000-4000-8000-000000000008'
export const host = 'a0000000-0000-4000-8000-000000000009'
export const hostPrincipal = 'c0000000-0000-4000-8000-0000000000d1'
export const assistant = 'assistant@contoso.onmicrosoft.com'
export const assistantId = 'c0000000-0000-4000-8000-0000000000e1'
export const graph = '00000003-0000-0000-c000-000000000000'
const redirectUri = 'http://localhost:3000/'
export const accessAsUser = `api://${middleTier}/access_as_user`
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** A JSON object as `JSON.parse` types it: tests look inside without ceremony. */
export type Json = Record<string, ReturnType<typeof JSON.parse>>

/** A form without some of its members. */
export function without(form: Record<string, string>, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(form).filter(([name]) => !names.includes(name)))
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Json {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Json
}

/** The header of a token. */
export function headerOf(token: string): Json {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as Json
}

export interface TokenAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

/** Posts to the token endpoint. */
export async function postToken(
  { origin }: Pick<Emulator, 'origin'>,
  parameters: Record<string, string>,
  {
    tenant = contoso,
    headers = {},
    version = '/v2.0',
  }: { tenant?: string; headers?: Record<string, string>; version?: string } = {},
): Promise<TokenAnswer> {
  const url = `${origin}/${tenant}/oauth2${version}/token`
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters), headers })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

/** The body of an on-behalf-of request of the middle tier. */
export function onBehalfOf(assertion: string, changes: Record<string, string> = {}): Record<string, string> {
  return {
    grant_type: jwtBearer,
    requested_token_use: 'on_behalf_of',
    client_id: middleTier,
    client_secret: middleTierSecret,
    scope: `api://${todoApi}/Tasks.ReadWrite`,
    assertion,
    ...changes,
  }
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
export const exchangeScope = 'api://AzureADTokenExchange/.default'

/** How an agent proves itself: with the exchange token that its blueprint got for it. */
export function provedBy(exchangeToken: string, clientId = agent): Record<string, string> {
  return { client_id: clientId, client_assertion_type: assertionType, client_assertion: exchangeToken }
}

/** The body of a blueprint's request for the exchange token of an agent (T1). */
export function forAgent(changes: Record<string, string> = {}): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_id: blueprint,
    client_secret: blueprintSecret,
    scope: exchangeScope,
    fmi_path: agent,
    ...changes,
  }
}

/** The exchange token of an agent (T1), as its blueprint gets it. */
export async function exchangeToken(
  emulator: Pick<Emulator, 'origin'>,
  changes: Record<string, string> = {},
  tenant = contoso,
): Promise<string> {
  return (await postToken(emulator, forAgent(changes), { tenant })).body['access_token'] as string
}

export const verifier = randomBytes(32).toString('base64url')
export const challenge = createHash('sha256').update(verifier).digest('base64url')

/** The address of an authorization request of the web client. */
export function authorizeUrl(
  { origin }: Pick<Emulator, 'origin'>,
  changes: Record<string, string | undefined> = {},
  tenant = contoso,
): string {
  const parameters: Record<string, string | undefined> = {
    client_id: webClient,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: `${accessAsUser} openid profile offline_access`,
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    client_info: '1',
    ...changes,
  }
  const defined = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return `${origin}/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams(defined).toString()}`
}

/** The parameters that an application gets back, in the fragment or in the query. */
export function answerOf({ location }: BrowserPage): URLSearchParams {
  const hash = location?.hash.slice(1) ?? ''
  return hash === '' ? (location?.searchParams ?? new URLSearchParams()) : new URLSearchParams(hash)
}

/** Signs in, approves, registers and consents where asked, until the browser is sent back to the application. */
export async function signIn(
  browser: Browser,
  url: string,
  { username = alice, consent = 'accept' }: { username?: string; consent?: string } = {},
): Promise<BrowserPage> {
  const page = await browser.open(url)
  return finish(browser, page, { username, consent })
}

async function finish(
  browser: Browser,
  page: BrowserPage,
  choices: { username: string; consent: string },
): Promise<BrowserPage> {
  const { action } = parseForm(page.html)
  const { username, consent } = choices
  if (action.endsWith('/login'))
    return finish(browser, await browser.submit(page, { username, password }), choices)
  if (action.endsWith('/approve'))
    return finish(browser, await browser.submit(page, { approval: 'approve' }), choices)
  if (action.endsWith('/register'))
    return finish(browser, await browser.submit(page, { registration: 'complete' }), choices)
  if (action.endsWith('/consent')) return browser.submit(page, { consent })
  return page
}

/** Signs a user in to the web client and redeems the code as its page would. */
export async function signInToWebClient(
  emulator: Emulator,
  {
    username = alice,
    changes = {},
    tenant = contoso,
    browser = createBrowser(emulator.origin),
  }: {
    username?: string
    changes?: Record<string, string>
    tenant?: string
    browser?: Browser
  } = {},
): Promise<TokenAnswer> {
  const page = await signIn(browser, authorizeUrl(emulator, changes, tenant), { username })
  return redeem(emulator, page.location?.searchParams.get('code') ?? '', { tenant })
}

/** Redeems a code as the web client's page would. */
export function redeem(
  emulator: Pick<Emulator, 'origin'>,
  code: string,
  {
    changes = {},
    tenant = contoso,
    headers = { origin: 'http://localhost:3000' },
  }: {
    changes?: Record<string, string>
    tenant?: string
    headers?: Record<string, string>
  } = {},
): Promise<TokenAnswer> {
  const parameters = {
    grant_type: 'authorization_code',
    client_id: webClient,
    code,
    redirect_uri: redirectUri,
  }
  return postToken(
    emulator,
    { ...parameters, code_verifier: verifier, client_info: '1', ...changes },
    { tenant, headers },
  )
}
