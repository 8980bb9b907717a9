// `midtier explain` against the emulator: its exit codes, its page, and what it must never print.
import { PassThrough } from 'node:stream'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/bin/run-command.ts'
import { alice, ids } from '../behaviour/scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

interface Run {
  readonly code: number
  readonly output: string
  readonly errors: string
}

interface Terminal {
  readonly stdin?: string
  readonly terminal?: boolean
  readonly environment?: Readonly<Record<string, string>>
}

async function run(
  args: readonly string[],
  { stdin = '', terminal = false, environment = {} }: Terminal = {},
): Promise<Run> {
  const written = { output: '', errors: '' }
  const input = new PassThrough()
  input.end(stdin)
  const code = await runCommand(args, {
    input,
    output: { write: (text) => (written.output += text), isTTY: terminal, columns: 100 },
    errors: { write: (text) => (written.errors += text) },
    environment,
  })
  return { code, ...written }
}

const explain = (more: readonly string[] = []): string[] => [
  'explain',
  '--tenant',
  ids.contoso,
  '--client-id',
  ids.middleTier,
  '--instance',
  emulator.origin,
  ...more,
]

const mint = (more: Partial<Parameters<Emulator['mint']>[0]> = {}): Promise<string> =>
  emulator.mint({
    user: alice,
    client: ids.webClient,
    audience: ids.middleTier,
    scopes: ['access_as_user'],
    ...more,
  })

describe('midtier explain', () => {
  it('accepts a good token with exit code 0 and lists every check', async () => {
    const { code, output, errors } = await run(explain(['--scope', 'access_as_user']), {
      stdin: await mint(),
    })
    expect([code, errors]).toEqual([0, ''])
    expect(output).toMatch(/^\n Accepted\n/)
    expect(output).not.toContain('✘')
    expect(output).toMatch(/✔ signature +made by the key of its kid/)
    expect(output).toMatch(/✔ scopes +access_as_user/)
  })

  it('refuses with exit code 1, naming what was expected, what came and the likely mistake', async () => {
    const token = await mint({ audience: 'api://legacy.contoso.com', scopes: ['user_impersonation'] })
    const { code, output } = await run(explain(), { stdin: token })
    expect(code).toBe(1)
    expect(output).toContain('Refused by audience')
    expect(output).toMatch(new RegExp(`✘ audience +expected +${ids.middleTier} or`))
    expect(output).toMatch(/actual +api:\/\/legacy\.contoso\.com/)
    expect(output).toMatch(/likely +v1\.0 token: set requestedAccessTokenVersion/)
  })

  it('keeps its columns straight', async () => {
    const { output } = await run(explain(), { stdin: await mint({ lifetimeSeconds: -4_000 }) })
    const values = output.split('\n').filter((line) => /^ [✔✘·]/.test(line))
    expect(new Set(values.map((line) => line.search(/(?<=\S {2,})\S/)))).toHaveLength(1)
    expect(output).toMatch(/exp +\d{10} \(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\)/)
  })

  it('says with exit code 3 that it cannot tell while the authority gives no keys', async () => {
    const fault = emulator.faults.add({ when: { endpoint: 'keys' }, then: { status: 503 } })
    const { code, output } = await run(explain(), { stdin: await mint() })
    fault.remove()
    expect(code).toBe(3)
    expect(output).toContain('Undecided')
    expect(output).toMatch(/· signature +not reached/)
  })

  it('takes further audiences and tenants, and demands roles', async () => {
    const token = await mint({ audience: 'api://legacy.contoso.com', scopes: ['user_impersonation'] })
    expect((await run(explain(['--audience', 'api://legacy.contoso.com']), { stdin: token })).code).toBe(0)
    const elsewhere = ['--tenant', 'organizations', '--allowed-tenant', ids.fabrikam]
    expect((await run(explain(elsewhere), { stdin: await mint() })).output).toContain(
      'Refused by tenant_allowed',
    )
    const roles = await run(explain(['--role', 'Admin']), { stdin: await mint() })
    expect(roles.output).toContain('Refused by roles')
  })

  it('takes a token as it was copied, with header name and scheme', async () => {
    const copied = `Authorization: Bearer ${await mint()}\r\n`
    expect((await run(explain(), { stdin: copied })).code).toBe(0)
  })

  it('prints JSON for programs', async () => {
    const { output } = await run(explain(['--json']), { stdin: await mint() })
    expect(JSON.parse(output)).toMatchObject({ verdict: 'accepted', claims: { oid: '[masked]' } })
  })

  it.each([[[]], [['--json']]])('prints neither the token nor who the person is: %j', async (more) => {
    const token = await mint()
    const { output } = await run(explain(more), { stdin: token })
    for (const secret of [...token.split('.'), ids.alice, alice, 'Alice'])
      expect(output).not.toContain(secret)
  })

  it('lets no control character of a token reach the terminal', async () => {
    const token = await mint({ claims: { azp: '\u001b[2J', '\u001b]0;x\u0007': 1 } })
    const { output } = await run(explain(), { stdin: token })
    expect(output).toContain('?[2J')
    // eslint-disable-next-line no-control-regex -- the very characters that must not be there
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
  })
})

describe('colour', () => {
  const escape = '\u001b['

  it('is for terminals, unless NO_COLOR says otherwise', async () => {
    const stdin = await mint()
    expect((await run(explain(), { stdin, terminal: true })).output).toContain(escape)
    expect((await run(explain(), { stdin })).output).not.toContain(escape)
    const refused = { stdin, terminal: true, environment: { NO_COLOR: '1' } }
    expect((await run(explain(), refused)).output).not.toContain(escape)
  })
})

describe('wrong usage ends with exit code 2', () => {
  it.each([
    ['no command', [], 'midtier explain'],
    ['another command', ['validate'], 'midtier explain'],
    ['no tenant', ['explain', '--client-id', ids.middleTier], '--tenant is missing'],
    ['no client id', ['explain', '--tenant', ids.contoso], '--client-id is missing'],
    [
      'a tenant that is none',
      ['explain', '--tenant', 'a b', '--client-id', ids.middleTier],
      '--tenant: is neither',
    ],
    [
      'a client id that is none',
      ['explain', '--tenant', ids.contoso, '--client-id', 'x'],
      '--client-id: is not a GUID',
    ],
    [
      'an empty scope',
      ['explain', '--tenant', ids.contoso, '--client-id', ids.middleTier, '--scope', ''],
      '--scope: ',
    ],
    ['an unknown option', ['explain', '--nonsense'], "Unknown option '--nonsense'"],
  ])('for %s, naming it', async (_, args, message) => {
    const { code, errors, output } = await run(args)
    expect([code, output]).toEqual([2, ''])
    expect(errors).toContain(message)
    expect(errors).toContain('midtier --help')
  })

  it('when nothing is piped in', async () => {
    const { code, errors } = await run(explain(), { stdin: ' \n' })
    expect(code).toBe(2)
    expect(errors).toContain('no token came')
  })

  it('when a whole file is piped in by mistake', async () => {
    const { code, errors } = await run(explain(), { stdin: 'x'.repeat(1_000_001) })
    expect(code).toBe(2)
    expect(errors).toContain('far too long')
  })

  it.each([
    ['as an argument', (token: string) => explain([token])],
    ['as an option', (token: string) => explain([`--token=${token}`])],
    ['as a value', (token: string) => explain(['--scope', `Bearer ${token}`])],
    ['as the command', (token: string) => [token]],
  ])('for a token given %s, which it does not repeat', async (_, args) => {
    const token = await mint()
    const { code, errors, output } = await run(args(token))
    expect(code).toBe(2)
    expect(errors).toContain('history of the shell')
    for (const part of token.split('.')) expect(errors + output).not.toContain(part)
  })

  it('but help is none', async () => {
    const { code, output } = await run(['--help'])
    expect(code).toBe(0)
    expect(output).toContain('Exit code: 0 accepted, 1 refused')
  })
})
