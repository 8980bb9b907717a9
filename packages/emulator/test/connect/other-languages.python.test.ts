// The web API in Python of docs/other-languages.md, as it is printed there: who gets in, on whose behalf it calls, and what a demand for MFA becomes.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { alice, bob, contoso, middleTier, middleTierSecret, webClient } from '../scenario.ts'

const python = process.env['MSAL_PYTHON'] ?? '/usr/bin/python3'

let emulator: Emulator
let folder: string
let server: ChildProcess
let url: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'midtier-python-'))
  emulator = await createEmulator({ httpsPort: 0 })
  const page = await readFile(new URL('../../../../docs/other-languages.md', import.meta.url), 'utf8')
  const [, program = ''] = /^```python\n([\s\S]*?)^```$/m.exec(page) ?? []
  const [file, caFile] = [join(folder, 'server.py'), join(folder, 'ca.pem')]
  await writeFile(file, program)
  await writeFile(caFile, emulator.caCertificate ?? '')
  server = spawn(python, [file], {
    env: {
      ...{ PATH: process.env['PATH'], NO_PROXY: '*', PORT: '0' },
      ...{ SSL_CERT_FILE: caFile, REQUESTS_CA_BUNDLE: caFile },
      ...{ TENANT_ID: contoso, CLIENT_ID: middleTier, CLIENT_SECRET: middleTierSecret },
      ...{ INSTANCE: emulator.httpsOrigin, GRAPH: `${emulator.httpsOrigin ?? ''}/v1.0` },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  url = await new Promise<string>((resolve, reject) => {
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const found = /listening on (\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    server.on('error', reject).on('exit', () => reject(new Error('the API in Python has ended')))
  })
})

afterAll(async () => {
  server.kill()
  await emulator.stop()
  await rm(folder, { recursive: true })
})

const tokenOf = (user: string, scopes = ['access_as_user']): Promise<string> =>
  emulator.mint({ user, client: webClient, audience: middleTier, scopes })

async function ask(token?: string): Promise<Response> {
  return fetch(`${url}/me`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
}

it('lets nobody in without a token, with a token that is none, or without the scope', async () => {
  const refused = [await ask(), await ask('a.b.c'), await ask(await tokenOf(alice, ['other']))]
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 403])
  expect(refused.map(({ headers }) => headers.get('www-authenticate'))).toEqual([
    'Bearer',
    'Bearer error="invalid_token"',
    'Bearer error="insufficient_scope", scope="access_as_user"',
  ])
})

it('hands on that the authority wants MFA', async () => {
  const policy = emulator.policies.add({ kind: 'require_mfa', resource: 'Microsoft Graph' })
  const { status, headers } = await ask(await tokenOf(bob))
  policy.remove()
  expect(status).toBe(401)
  const [, claims = ''] = /claims="([^"]+)"/.exec(headers.get('www-authenticate') ?? '') ?? []
  expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toHaveProperty('access_token')
})

it('calls Graph on behalf of each caller, the second time with what is cached', async () => {
  const nameOf = async (user: string): Promise<string> =>
    ((await (await ask(await tokenOf(user))).json()) as { readonly displayName: string }).displayName
  expect(await Promise.all([alice, bob].map(nameOf))).toEqual(['Alice Adams', 'Bob Brown'])
  const exchanges = (): number => emulator.requests.list({ endpoint: 'token' }).length
  const before = exchanges()
  expect(await nameOf(alice)).toBe('Alice Adams')
  expect(exchanges()).toBe(before)
})
