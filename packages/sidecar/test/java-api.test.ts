// The web API in Java beside the sidecar: who called, calls on behalf of the caller, and a demand for MFA that reaches the client.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findClaimsChallenge, parseChallenges } from 'midtier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ids, type Scenario, startScenario } from './scenario.ts'

const program = fileURLToPath(new URL('../../../examples/java-api/Server.java', import.meta.url))
const java = process.env['JAVA_PATH'] ?? 'java'
const version = /version "(\d+)/.exec(spawnSync(java, ['-version'], { encoding: 'utf8' }).stderr)?.[1]

// Where there is no JDK of 17 or later the suite says so: it is skipped.
describe.runIf(Number(version) >= 17)('the web API in Java', () => {
  let scenario: Scenario
  let server: ChildProcess
  let url: string
  beforeAll(async () => {
    scenario = await startScenario()
    server = spawn(java, [program], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', SIDECAR_URL: scenario.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    url = await new Promise<string>((resolve, reject) => {
      server.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const found = /listening on (\S+)/.exec(text)?.[1]
        if (found !== undefined) resolve(found)
      })
      server.on('error', reject).on('exit', () => reject(new Error('The Java API has ended')))
    })
  })
  afterAll(async () => {
    server.kill()
    await scenario.stop()
  })

  const ask = async (path: string, init: RequestInit = {}, token?: string): Promise<Response> =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${token ?? (await scenario.token())}` } })

  it('knows who called', async () => {
    expect(await (await ask('/whoami')).json()).toEqual({ objectId: ids.alice, tenantId: ids.contoso })
  })

  it('calls To Do and Graph on behalf of the caller', async () => {
    expect(await (await ask('/todos')).json()).toMatchObject({
      method: 'GET',
      url: '/api/todos',
      claims: { oid: ids.alice, aud: ids.todoApi },
    })
    const posted = await ask('/todos', { method: 'POST', body: '{"title":"Milk"}' })
    expect(await posted.json()).toMatchObject({ method: 'POST', body: '{"title":"Milk"}' })
    expect(await (await ask('/me')).json()).toMatchObject({ displayName: 'Alice Adams' })
  })

  it.each(['/whoami', '/todos', '/me'])('refuses a stranger at %s', async (path) => {
    const response = await fetch(url + path)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  it('passes a demand for MFA on', async () => {
    const policy = scenario.emulator.policies.add({ kind: 'require_mfa', resource: ids.todoApi })
    const response = await ask('/todos', {}, await scenario.token())
    expect(response.status).toBe(401)
    expect(findClaimsChallenge(parseChallenges(response.headers))?.claims).toBeDefined()
    const stronger = await scenario.token(undefined, { amr: ['pwd', 'mfa'] })
    expect((await ask('/todos', {}, stronger)).status).toBe(200)
    scenario.emulator.policies.remove(policy.id)
  })

  it('says come back later when the sidecar is gone', async () => {
    await scenario.sidecar.stop()
    const response = await ask('/me')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
  })
})
