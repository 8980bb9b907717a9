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

  it('is not made of what cannot be asked again', () => {
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
