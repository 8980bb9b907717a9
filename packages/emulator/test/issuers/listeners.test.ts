// Each listener names itself: metadata, keys and tokens of one have its issuer, and both take what the other one issued.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import {
  alice,
  authorizeUrl,
  challenge,
  claimsOf,
  contoso,
  daemon,
  middleTier,
  onBehalfOf,
  postToken,
  signIn,
  todoApi,
  verifier,
  webClient,
  type Json,
} from '../scenario.ts'

const portal = 'a0000000-0000-4000-8000-0000000000e1'
const secret = 'portal-secret'
const redirectUri = 'http://localhost:5000/callback'
const script = fileURLToPath(new URL('standard-clients.mjs', import.meta.url))
const metadata = 'v2.0/.well-known/openid-configuration'

let emulator: Emulator
let directory: string
beforeAll(async () => {
  const application = {
    id: portal,
    displayName: 'Portal',
    tenantId: contoso,
    redirectUris: { web: [redirectUri] },
    secrets: [{ value: secret }],
  }
  const applications = [...defaultDirectory.applications, application]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications }, httpsPort: 0 })
  directory = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
  await writeFile(join(directory, 'ca.pem'), emulator.caCertificate!)
})
afterAll(async () => {
  await emulator.stop()
  await rm(directory, { recursive: true })
})

const originOf = (listener: 'http' | 'https'): string =>
  listener === 'http' ? emulator.origin : emulator.httpsOrigin!

async function code(): Promise<string> {
  const url = authorizeUrl(emulator, {
    client_id: portal,
    redirect_uri: redirectUri,
    scope: 'openid profile',
    code_challenge: challenge,
  })
  const page = await signIn(createBrowser(emulator.origin), url)
  return page.location!.searchParams.get('code')!
}

/** A document of the https listener. */
function getSecurely(path: string): Promise<Json> {
  const agent = new Agent({ ca: emulator.caCertificate! })
  return new Promise((resolve, reject) => {
    request(`${emulator.httpsOrigin!}/${path}`, { agent }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      response.on('end', () => resolve(JSON.parse(text) as Json))
    })
      .on('error', reject)
      .end()
  })
}

async function getPlainly(path: string): Promise<Json> {
  return (await (await fetch(`${emulator.origin}/${path}`)).json()) as Json
}

describe.each(['http', 'https'] as const)('the %s listener', (listener) => {
  const get = (path: string): Promise<Json> => (listener === 'http' ? getPlainly(path) : getSecurely(path))

  it('names itself in the metadata of both versions and binds the keys to its issuer', async () => {
    const origin = originOf(listener)
    const v2 = await get(`${contoso}/${metadata}`)
    expect(v2['issuer']).toBe(`${origin}/${contoso}/v2.0`)
    expect(v2['token_endpoint']).toBe(`${origin}/${contoso}/oauth2/v2.0/token`)
    expect((await get(`common/${metadata}`))['issuer']).toBe(`${origin}/{tenantid}/v2.0`)
    expect((await get(`${contoso}/.well-known/openid-configuration`))['issuer']).toBe(`${origin}/${contoso}/`)
    const { keys } = (await get(`${contoso}/discovery/v2.0/keys`)) as { keys: Json[] }
    expect(new Set(keys.map(({ issuer }) => String(issuer)))).toEqual(new Set([`${origin}/${contoso}/v2.0`]))
  })

  it('satisfies unmodified openid-client and oauth4webapi, who compare every issuer', async () => {
    const origin = originOf(listener)
    const input = {
      ...{ origin, tenant: contoso, clientId: portal, clientSecret: secret, redirectUri, verifier },
      ...{ codes: [await code(), await code()], nonce: 'the-nonce', state: 'the-state' },
    }
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') }
    const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(input)], { env })
    const issuer = `${origin}/${contoso}/v2.0`
    expect(JSON.parse(stdout)).toEqual([issuer, issuer])
  })
})

it('issues by its own name what is bought with a token of either', async () => {
  for (const bought of ['http', 'https'] as const) {
    const assertion = await emulator.mint({
      ...{ user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] },
      listener: bought,
    })
    expect(claimsOf(assertion)['iss']).toBe(`${originOf(bought)}/${contoso}/v2.0`)
    const { status, body } = await postToken(emulator, onBehalfOf(assertion))
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)['iss']).toBe(`${emulator.origin}/${contoso}/v2.0`)
  }
})

describe('a token that is minted', () => {
  const app = { client: daemon, audience: todoApi }

  it('names the https issuer, whichever listener was asked, unless the other one is wanted', async () => {
    expect(claimsOf(await emulator.mint(app))['iss']).toBe(`${emulator.httpsOrigin!}/${contoso}/v2.0`)
    const post = async (body: object): Promise<unknown> => {
      const response = await fetch(`${emulator.origin}/_emulator/mint`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const { token } = (await response.json()) as { token: string }
      return claimsOf(token)['iss']
    }
    expect(await post(app)).toBe(`${emulator.httpsOrigin!}/${contoso}/v2.0`)
    expect(await post({ ...app, listener: 'http' })).toBe(`${emulator.origin}/${contoso}/v2.0`)
  })

  it('names the public origin alone, and no listener that is not there', async () => {
    const publicOrigin = 'https://login.contoso.test'
    const proxied = await createEmulator({ publicOrigin, httpsPort: 0 })
    const plain = await createEmulator()
    try {
      for (const listener of ['http', 'https'] as const)
        expect(claimsOf(await proxied.mint({ ...app, listener }))['iss']).toBe(
          `${publicOrigin}/${contoso}/v2.0`,
        )
      await expect(plain.mint({ ...app, listener: 'https' })).rejects.toThrow(
        'listener: there is no https listener',
      )
    } finally {
      await Promise.all([proxied.stop(), plain.stop()])
    }
  })

  it('is refused on behalf of a user when it names another origin', async () => {
    const assertion = await emulator.mint({
      ...{ user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] },
      claims: { iss: `https://localhost:1/${contoso}/v2.0` },
    })
    expect((await postToken(emulator, onBehalfOf(assertion))).body['error_codes']).toEqual([50013])
  })
})
