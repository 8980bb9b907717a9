// A request to take along: the command asks the same, the test passes, and nothing that a request holds becomes code.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RequestRecord } from '../../../src/index.ts'
import { curlOf } from '../../../src/portal/log/curl.ts'
import { vitestOf } from '../../../src/portal/log/vitest-source.ts'
import { middleTierSecret, onBehalfOf, postToken, signInToWebClient } from '../../scenario.ts'
import { record } from './record.ts'

const run = promisify(execFile)
let emulator: Emulator
let refused: RequestRecord
let accessToken: string
beforeAll(async () => {
  emulator = await createEmulator()
  emulator.policies.add({ name: 'MFA', kind: 'require_mfa', resource: 'To Do API' })
  accessToken = (await signInToWebClient(emulator)).body['access_token'] as string
  await postToken(emulator, onBehalfOf(accessToken))
  refused = emulator.requests.list().at(-1)!
})
afterAll(() => emulator.stop())

const testOf = (asked: RequestRecord): string | undefined =>
  vitestOf(asked, { policies: emulator.policies.list(), consents: emulator.directory.consents.list() })

describe('a request as a command', () => {
  it('asks again, and is answered the same', async () => {
    const command = curlOf(refused, emulator.origin)
    const { stdout } = await run('bash', ['-c', command], {
      env: { ...process.env, CLIENT_SECRET: middleTierSecret },
    })
    expect(stdout).toContain('"error_codes":[50076]')
  })

  it('holds no secret and no token', () => {
    const command = curlOf(refused, emulator.origin)
    const opening = [middleTierSecret, ...accessToken.split('.').filter((part) => part.length > 10)]
    expect(opening.filter((each) => command.includes(each))).toEqual([])
  })

  it('never becomes another command, whatever the request held', async () => {
    const hostile = record({
      path: "/'; echo pwned; '",
      parameters: {
        'a"$(echo pwned)': "x'; echo pwned; '",
        '$(echo pwned)': '••• 3 characters',
        b: '`echo pwned`',
      },
      headers: { origin: "'; echo pwned; '" },
    })
    const command = curlOf(hostile, 'http://127.0.0.1:9').replace('curl -i', "printf '%s\\n'")
    const { stdout } = await run('bash', ['-c', command])
    expect(stdout.split('\n')).not.toContain('pwned')
    expect(stdout).not.toContain('a"pwned')
    expect(stdout).not.toMatch(/^pwned=/m)
  })

  it('has no control character that a terminal would obey, and still asks the same', () => {
    const values = ['\u0003echo pwned\n', '\u001B[201~\necho pwned\n', '\u009B201~', "it's\r\n"]
    for (const value of values) {
      const command = curlOf(record({ parameters: { scope: value, [value]: '1' } }), 'http://127.0.0.1:9')
      expect(command.replaceAll(' \\\n', '')).not.toMatch(/\p{Cc}/u)
      expect(command).toContain(`--data '${new URLSearchParams({ scope: value }).toString()}'`)
    }
  })
})

describe('a request as a test', () => {
  it('passes, and shows no secret', async () => {
    const source = testOf(refused)!
    expect(source).not.toContain(middleTierSecret)
    const folder = await mkdtemp(fileURLToPath(new URL('copied-', import.meta.url)))
    try {
      await writeFile(`${folder}/copied.test.ts`, source)
      const root = fileURLToPath(new URL('../../../../../', import.meta.url))
      const { stdout } = await run(
        process.execPath,
        ['node_modules/vitest/vitest.mjs', 'run', '--project', 'emulator', `${folder}/copied.test.ts`],
        { cwd: root, env: { ...process.env, NO_COLOR: '1' } },
      )
      expect(stdout).toMatch(/Tests {2}1 passed/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('has the policies that it was decided with: those that were there, and are on', async () => {
    emulator.policies.add({ name: 'Asleep', kind: 'block', enabled: false })
    await postToken(emulator, onBehalfOf(accessToken))
    const asked = emulator.requests.list().at(-1)!
    expect(asked.policyResults?.map(({ name }) => name)).toEqual(expect.arrayContaining(['MFA', 'Asleep']))
    emulator.policies.add({ name: 'Later', kind: 'block' })
    const source = testOf(asked)!
    for (const name of ['MFA', 'Asleep', 'Later']) emulator.policies.disable(emulator.policies.find(name)!.id)
    const none = testOf(asked)!
    emulator.policies.enable(emulator.policies.find('MFA')!.id)
    expect(source).toContain('"name":"MFA"')
    expect(source).not.toMatch(/Asleep|Later/)
    expect(none).toContain('createEmulator()\n')
  })

  it.each<[string, Partial<RequestRecord>, readonly string[]]>([
    [
      'what was read of Graph with a token',
      {
        ...{ endpoint: 'graph', method: 'GET', path: '/v1.0/me', parameters: { $select: 'id' } },
        ...{ presented: { aud: 'graph', azp: 'client' }, status: 403, error: ['Forbidden'] },
      },
      [
        'const token = await emulator.mint({"client":"client","audience":"graph"})',
        'fetch(`${emulator.origin}/v1.0/me?%24select=id`, { headers: { authorization: `Bearer ${token}` } })',
        'expect(response.status).toBe(403)',
        'toMatchObject({ error: { code: "Forbidden" } })',
      ],
    ],
    [
      'what was read of Graph without one',
      { endpoint: 'graph', method: 'GET', path: '/v1.0/me', status: 401 },
      ['fetch(`${emulator.origin}/v1.0/me`)\n', 'expect(response.status).toBe(401)\n  } finally'],
    ],
    [
      'an authorization request',
      {
        endpoint: 'authorize',
        method: 'GET',
        path: '/t/authorize',
        parameters: { prompt: 'none' },
        status: 302,
      },
      ["fetch(`${emulator.origin}/t/authorize?prompt=none`, { redirect: 'manual' })"],
    ],
    [
      'a token of an application, for a page',
      {
        ...{ grantType: 'client_credentials', clientId: 'its-id', headers: { origin: 'http://localhost' } },
        ...{ parameters: { client_id: 'its-id', client_secret: '••• 9 characters' } },
      },
      [
        'emulator.directory.findApplication("its-id")?.secrets',
        'headers: { origin: "http://localhost" }',
        '"client_id": "its-id",',
        "client_secret: secret?.value ?? '',",
      ],
    ],
  ])('asks as the request did: %s', (_, changes, parts) => {
    const source = testOf(record(changes))!
    for (const part of parts) expect(source).toContain(part)
  })

  it('is not made of what cannot be asked again', () => {
    expect(testOf(record({ status: undefined }))).toBeUndefined()
    expect(testOf(record({ endpoint: 'graph', method: 'POST' }))).toBeUndefined()
    expect(testOf(record({ parameters: { client_secret: '••• 9 characters' } }))).toBeUndefined()
    const redeemed = emulator.requests.list().find(({ grantType }) => grantType === 'authorization_code')
    expect(testOf(redeemed!)).toBeUndefined()
    expect(testOf(record({ parameters: { client_assertion: '••• 9 characters' } }))).toBeUndefined()
  })

  it('never becomes another program, whatever the request held', () => {
    const hostile = record({
      path: '/`${process.exit()}\\',
      endpoint: 'authorize',
      method: 'GET',
      parameters: { state: '`${process.exit()}' },
      status: 302,
    })
    const source = testOf(hostile)!
    expect(source.replaceAll('${emulator.origin}', '')).not.toMatch(/(?<!\\)\$\{/)
    expect(source).toContain('\\`\\${process.exit()}\\\\')
  })
})
