// The settings that are printed, run by the clients that they are for, none of them modified.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { alice, claimsOf, contoso, daemon, middleTier, todoApi, webClient, type Json } from '../scenario.ts'
import { printed, run } from './run-printed.ts'

let http: Emulator
let https: Emulator
let stateDirectory: string
beforeAll(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
  http = await createEmulator()
  https = await createEmulator({ httpsPort: 0, stateDirectory })
})
afterAll(async () => {
  await Promise.all([http.stop(), https.stop()])
  await rm(stateDirectory, { recursive: true })
})

const node = (text: string): Promise<string> => run(process.execPath, 'settings.mjs', text)

/** How many of the tokens the API takes. */
const authenticateAll = `
for (const token of tokens) {
  const header = (name) => (name === 'authorization' ? 'Bearer ' + token : undefined)
  await api.authenticate({ header, method: 'GET', url: '/' })
}
console.log(tokens.length)
await api.close()
`

describe('what is printed for an application with a secret', () => {
  it.each(['msal-node', 'openid-client'])('gets %s a token over http', async (client) => {
    const token = await node(await printed(http, client, 'Nightly report daemon'))
    expect(claimsOf(token)).toMatchObject({ azp: daemon, aud: todoApi, roles: ['Tasks.Read.All'] })
  })

  // Whatever the client is: an API refuses what the other listener has issued.
  it.each([
    ...['msal-node', 'openid-client', 'azure-identity', 'curl'].map(
      (client) => [client, 'https', []] as const,
    ),
    ...['msal-node', 'openid-client', 'curl'].map(
      (client) => [client, 'http', ['--listener', 'http']] as const,
    ),
  ])(
    'gets %s a token that midtier takes by what is printed for it, with both on: %s',
    async (client, listener, options) => {
      const text = await printed(https, client, 'Nightly report daemon', ...options)
      const answer = client === 'curl' ? await run('bash', 'settings.sh', text) : await node(text)
      const tokens = answer.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []
      const api = await printed(https, 'midtier', 'To Do API', ...options)
      const accepted = await node(`${api}\nconst tokens = ${JSON.stringify(tokens)}${authenticateAll}`)
      expect(tokens).toHaveLength(client === 'curl' ? 2 : 1)
      expect(new URL(claimsOf(tokens[0]!)['iss'] as string).origin).toBe(
        listener === 'http' ? https.origin : https.httpsOrigin,
      )
      expect(accepted).toBe(String(tokens.length))
    },
  )

  it('gets curl a token of the application and one for a user', async () => {
    const answers = await run('bash', 'settings.sh', await printed(http, 'curl', 'To Do list middle tier'))
    const [forApplication, forUser] = answers.split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text) as Json)
    expect(claimsOf(forApplication!['access_token'] as string)).toMatchObject({
      azp: middleTier,
      aud: todoApi,
    })
    expect(claimsOf(forUser!['token'] as string)).toMatchObject({
      ...{ azp: webClient, aud: middleTier, scp: 'access_as_user', preferred_username: alice },
    })
  })
})

describe('what is printed for an application without a secret', () => {
  it.each(['msal-node', 'openid-client'])('leads %s to the sign-in page', async (client) => {
    const url = await node(await printed(http, client, 'To Do list web client'))
    const page = await fetch(url)
    expect(url).toContain(`${http.origin}/${contoso}/oauth2/v2.0/authorize?`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('name="username"')
  })

  it('gets curl a token for a user alone', async () => {
    const answer = await run('bash', 'settings.sh', await printed(http, 'curl', 'To Do list web client'))
    const { token } = JSON.parse(answer) as { token: string }
    expect(claimsOf(token)).toMatchObject({ azp: webClient, aud: middleTier, scp: 'access_as_user' })
  })
})

describe('the CA', () => {
  it('stands in the state directory, and is served', async () => {
    const served = await fetch(`${https.origin}/_emulator/ca.pem`)
    expect(served.headers.get('content-type')).toBe('application/x-pem-file')
    expect(await served.text()).toBe(https.caCertificate)
    expect(https.caFile).toBe(join(stateDirectory, 'ca.pem'))
    expect(await readFile(https.caFile!, 'utf8')).toBe(https.caCertificate)
  })

  it('is nowhere where there is no https', async () => {
    expect((await fetch(`${http.origin}/_emulator/ca.pem`)).status).toBe(404)
    expect(http.caFile).toBeUndefined()
  })
})
