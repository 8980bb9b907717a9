// curl: whatever is HTTP, by hand.
import { execFile } from 'node:child_process'
import { createHash, createPrivateKey, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join, dirname } from 'node:path'
import { promisify } from 'node:util'
import { SignJWT } from 'jose'
import {
  accessAsUser,
  alice,
  challenge,
  claimsOf,
  commandLine,
  contoso,
  middleTier,
  middleTierSecret,
  password,
  todoApi,
  verifier,
  type Json,
} from '../../scenario.ts'
import type { Client } from '../client.ts'
import { appScope, jwtBearer, portal, portalSecret, redirectUri, tasksScope, type World } from '../world.ts'

type Form = Readonly<Record<string, string>>

const web: Form = { client_id: portal, client_secret: portalSecret }
const device: Form = { client_id: commandLine }

async function curl(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('curl', ['--silent', '--show-error', ...args])).stdout
}

async function post({ emulator }: World, path: string, form: Form): Promise<Json> {
  const fields = Object.entries(form).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`])
  const url = `${emulator.origin}/${contoso}/oauth2/v2.0/${path}`
  const body = JSON.parse(await curl(url, ...fields)) as Json
  if ('error' in body) throw new Error(JSON.stringify(body))
  return body
}

const token = (world: World, form: Form): Promise<Json> => post(world, 'token', form)
const accessOf = (body: Json): Json => claimsOf(String(body['access_token']))

const authorize = ({ emulator }: World, changes: Form): string =>
  `${emulator.origin}/${contoso}/oauth2/v2.0/authorize?${new URLSearchParams({
    ...{ client_id: portal, redirect_uri: redirectUri, nonce: 'the-nonce', response_type: 'code' },
    ...changes,
  }).toString()}`

async function signIn(world: World, scope: string): Promise<Json> {
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
  const location = await world.signIn(authorize(world, { scope, ...pkce }))
  const code = location.searchParams.get('code') ?? ''
  const grant = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: verifier }
  return token(world, { ...web, ...grant, code })
}

/** The cookies of somebody who has signed in, in a file as curl keeps them. */
async function cookieJar(world: World): Promise<string> {
  const file = join(dirname(world.caFile), `${randomUUID()}.cookies`)
  const lines = [...(await world.cookies())].map((pair) => ['localhost', 'FALSE', '/', 'FALSE', '0', ...pair])
  await writeFile(file, lines.map((line) => `${line.join('\t')}\n`).join(''))
  return file
}

/** Where an address leads. */
async function redirect(...args: readonly string[]): Promise<URL> {
  return new URL(await curl('--output', '/dev/null', '--write-out', '%{redirect_url}', ...args))
}

/** curl as the browser of somebody who has signed in already: the answer comes at once, in the Location. */
async function fromFragment(world: World, responseType: string): Promise<Json> {
  const url = authorize(world, { response_type: responseType, scope: 'openid profile' })
  const location = await redirect('--cookie', await cookieJar(world), url)
  const fragment = new URLSearchParams(location.hash.slice(1))
  const code = fragment.get('code')
  const claims = claimsOf(fragment.get('id_token') ?? '')
  if (code === null) return claims
  const half = createHash('sha256').update(code).digest().subarray(0, 16).toString('base64url')
  return half === claims['c_hash'] ? claims : {}
}

async function clientAssertion(world: World): Promise<string> {
  const { privateKeyPem, x5tS256 } = world.certificate
  return new SignJWT()
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': x5tS256 })
    .setIssuer(portal)
    .setSubject(portal)
    .setAudience(`${world.emulator.origin}/${contoso}/oauth2/v2.0/token`)
    .setJti(randomUUID())
    .setNotBefore('0s')
    .setExpirationTime('5m')
    .sign(createPrivateKey(privateKeyPem))
}

export const curlItself: Client = {
  name: 'curl',
  version: 'of the machine',
  reach: 'http',
  names: async () => (await curl('--help', 'all')).split('\n'),
  cells: {
    code: async (world) => accessOf(await signIn(world, accessAsUser)),
    refresh: async (world) => {
      const { refresh_token: refreshToken } = await signIn(world, `${accessAsUser} offline_access`)
      const grant = { grant_type: 'refresh_token', refresh_token: String(refreshToken), scope: accessAsUser }
      return accessOf(await token(world, { ...web, ...grant }))
    },
    secret: async (world) =>
      accessOf(await token(world, { ...web, grant_type: 'client_credentials', scope: appScope })),
    certificate: async (world) => {
      const proof = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await clientAssertion(world),
      }
      const form = { grant_type: 'client_credentials', client_id: portal, scope: appScope, ...proof }
      return accessOf(await token(world, form))
    },
    onBehalfOf: async (world) => {
      const client = { client_id: middleTier, client_secret: middleTierSecret }
      const grant = { grant_type: jwtBearer, requested_token_use: 'on_behalf_of', scope: tasksScope }
      return accessOf(await token(world, { ...client, ...grant, assertion: await world.assertion() }))
    },
    deviceCode: async (world) => {
      const begun = await post(world, 'devicecode', { ...device, scope: accessAsUser })
      await world.enterDeviceCode(String(begun['user_code']))
      const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' }
      return accessOf(await token(world, { ...device, ...grant, device_code: String(begun['device_code']) }))
    },
    password: async (world) => {
      const grant = { grant_type: 'password', username: alice, password, scope: accessAsUser }
      return accessOf(await token(world, { ...device, ...grant }))
    },
    hybrid: (world) => fromFragment(world, 'code id_token'),
    implicit: (world) => fromFragment(world, 'id_token'),
    managedIdentity: async ({ emulator }) => {
      const query = new URLSearchParams({ 'api-version': '2018-02-01', resource: `api://${todoApi}` })
      const url = `${emulator.origin}/metadata/identity/oauth2/token?${query.toString()}`
      return accessOf(JSON.parse(await curl('--header', 'Metadata: true', url)) as Json)
    },
    logout: async (world) => {
      const jar = await cookieJar(world)
      const silently = async (): Promise<URLSearchParams> =>
        (await redirect('--cookie', jar, authorize(world, { scope: 'openid', prompt: 'none' }))).searchParams
      if (!(await silently()).has('code')) throw new Error('nobody was signed in')
      const url = `${world.emulator.origin}/${contoso}/oauth2/v2.0/logout`
      await curl('--fail', '--cookie', jar, '--cookie-jar', jar, url)
      return { error: (await silently()).get('error') }
    },
    userinfo: async (world) => {
      const { access_token: accessToken } = await signIn(world, 'openid profile email')
      const config = join(dirname(world.caFile), 'curl.conf')
      await writeFile(config, `header = "Authorization: Bearer ${String(accessToken)}"\n`)
      return JSON.parse(await curl('--config', config, `${world.emulator.origin}/oidc/userinfo`)) as Json
    },
    keys: { because: 'it can fetch keys, and verify nothing with them', lacks: /jwks|jwt/i },
  },
}
