// `midtier explain` against the emulator: its exit codes, its page, and what it must never print.
import { PassThrough } from 'node:stream'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/bin/run-command.ts'
import type { CommandStreams } from '../../src/bin/streams.ts'
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
  /** As the terminal tells them; default 80. */
  readonly columns?: number | undefined
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: CommandStreams['input']
}

async function run(
  args: readonly string[],
  { stdin = '', terminal = false, environment = {}, input = piped(stdin), ...more }: Terminal = {},
): Promise<Run> {
  const { columns } = { columns: 80, ...more }
  const written = { output: '', errors: '' }
  const code = await runCommand(args, {
    input,
    output: {
      write: (text) => (written.output += text),
      isTTY: terminal,
      ...(columns === undefined ? {} : { columns }),
    },
    errors: { write: (text) => (written.errors += text) },
    environment,
    version: '1.2.3',
    nodeVersion: '22.20.0',
    supported: {},
  })
  return { code, ...written }
}

function piped(text: string): PassThrough {
  const input = new PassThrough()
  input.end(text)
  return input
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
  it('accepts a good token with exit code 0, saying for how long, and folds what passed', async () => {
    const { code, output, errors } = await run(explain(['--scope', 'access_as_user']), {
      stdin: await mint(),
    })
    expect([code, errors]).toEqual([0, ''])
    expect(output).toMatch(/^\n Accepted: valid for \d+ \w+, issued /)
    expect(output).toMatch(/\n ✔ \d+ passed \(--all lists them\)\n/)
    expect(output).not.toMatch(/✘|·|key_known/)
  })

  it('lists every check in its order with --all', async () => {
    const all = await run(explain(['--scope', 'access_as_user', '--all']), { stdin: await mint() })
    expect(all.output).toMatch(/✔ signature +made by the key of its kid/)
    expect(all.output).toMatch(/✔ scopes +access_as_user/)
    const folded = await run(explain(['--scope', 'access_as_user']), { stdin: await mint() })
    const count = /✔ (\d+) passed/.exec(folded.output)?.[1]
    expect(all.output.split('\n').filter((line) => line.startsWith(' ✔'))).toHaveLength(Number(count))
  })

  it('refuses with exit code 1, naming what is wrong, was expected and came, and the likely mistake', async () => {
    const token = await mint({ audience: 'api://legacy.contoso.com', scopes: ['user_impersonation'] })
    const { code, output } = await run(explain(), { stdin: token })
    expect(code).toBe(1)
    expect(output).toMatch(/^\n Refused by audience\n\n ✘ audience: The token was issued for another API/)
    expect(output).toMatch(new RegExp(`expected +${ids.middleTier} or`))
    expect(output).toMatch(/actual +api:\/\/legacy\.contoso\.com/)
    expect(output).toMatch(/likely +v1\.0 token: set requestedAccessTokenVersion/)
  })

  it('shows one failure for a token of another tenant, and names what was not reached for it', async () => {
    const token = await mint({ user: 'carol@fabrikam.onmicrosoft.com' })
    const { output } = await run(explain(['--scope', 'x']), { stdin: token })
    expect(output).toMatch(/^\n Refused by issuer\n/)
    expect(output.match(/✘/g)).toHaveLength(1)
    expect(output).toMatch(/\n · 2\d not reached because of issuer\n/)
    const { output: all } = await run(explain(['--all']), { stdin: token })
    expect(all).toMatch(/· audience +not reached: issuer/)
  })

  it('says in words how long ago a token expired', async () => {
    const { output } = await run(explain(), { stdin: await mint({ lifetimeSeconds: -4_000 }) })
    expect(output).toMatch(/likely +expired 1 h 6 min ago: the client never renews its token/)
    expect(output).toMatch(/exp +20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ expired 1 h 6 min ago/)
    expect(output).toMatch(/Times are by this machine's clock: 20/)
  })

  it('is set for 80 columns where nobody knows how many there are, and for as many as there are', async () => {
    const stdin = await mint({ lifetimeSeconds: -4_000 })
    const longest = async (columns: number | undefined): Promise<number> => {
      const { output } = await run(explain(), { stdin, columns })
      return Math.max(...output.split('\n').map((line) => (line.includes('likely') ? line.length : 0)))
    }
    const [unknown, none, told, narrow] = [
      await longest(undefined),
      await longest(0),
      await longest(80),
      await longest(60),
    ]
    expect([unknown, none]).toEqual([told, told])
    expect(told).toBeGreaterThan(60)
    expect(narrow).toBeLessThanOrEqual(60)
  })

  it.each([[[]], [['--all']]])(
    'fits into 80 columns, all but what is to be copied whole: %j',
    async (more) => {
      const tokens = [
        await mint(),
        await mint({ user: 'carol@fabrikam.onmicrosoft.com' }),
        await mint({ audience: 'api://legacy.contoso.com', scopes: ['user_impersonation'] }),
        await mint({ lifetimeSeconds: -4_000 }),
        'opaque',
      ]
      for (const stdin of tokens) {
        const { output } = await run(explain([...more, '--scope', 'Files.Read']), { stdin })
        for (const line of output.split('\n').filter((each) => each.trim().includes(' ')))
          expect(line.length, line).toBeLessThanOrEqual(80)
      }
    },
  )

  it('says with exit code 3 that it cannot tell while the authority gives no keys, and why', async () => {
    const fault = emulator.faults.add({ when: { endpoint: 'keys' }, then: { status: 503 } })
    const { code, output } = await run(explain(), { stdin: await mint() })
    fault.remove()
    expect(code).toBe(3)
    expect(output).toMatch(/^\n Undecided: no key to verify the signature with\n ! The signing keys of/)
    expect(output).toMatch(/\n · 5 not reached because of authority_unavailable\n/)
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
    expect((await run(explain(), { stdin: `"Bearer ${await mint()}"\n` })).code).toBe(0)
  })

  it('prints JSON for programs', async () => {
    const { output } = await run(explain(['--json']), { stdin: await mint() })
    expect(JSON.parse(output)).toMatchObject({
      verdict: 'accepted',
      claims: { oid: '[masked]' },
      times: { exp: expect.stringMatching(/^valid for /) as string },
      notes: [],
    })
  })

  it.each([[[]], [['--all']], [['--json']]])(
    'prints neither the token nor who the person is: %j',
    async (more) => {
      const token = await mint()
      const { output } = await run(explain(more), { stdin: token })
      for (const secret of [...token.split('.'), ids.alice, alice, 'Alice'])
        expect(output).not.toContain(secret)
    },
  )

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
    const dumb = { stdin, terminal: true, environment: { TERM: 'dumb' } }
    expect((await run(explain(), dumb)).output).not.toContain(escape)
  })
})

describe('wrong usage ends with exit code 2', () => {
  const options = ['explain', '--tenant', 'organizations', '--client-id', ids.middleTier]

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
    ['an unknown option', ['explain', '--nonsense'], '--nonsense is no option; see midtier --help'],
    ['an option misspelt', ['explain', '--tenat=x'], '--tenat is no option; did you mean --tenant?'],
    ['an option in the other style', ['explain', '--clientId', 'x'], 'did you mean --client-id?'],
    ['an option without its value', ['explain', '--tenant'], '--tenant: its value is missing'],
    ['an option in place of a value', ['explain', '--tenant', '--json'], '--tenant: its value is missing'],
    ['a value for a switch', ['explain', '--json=yes'], '--json: takes no value'],
    ['an argument beside options', ['explain', 'opaque'], 'Pipe the token in'],
    ['an instance that is none', [...options, '--instance', 'ftp://x'], '--instance: '],
    ['an empty audience', [...options, '--audience', ''], '--audience'],
    ['an allowed tenant that is none', [...options, '--allowed-tenant', 'a b'], '--allowed-tenant: '],
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

  it('when standard input cannot be read', async () => {
    const input = new PassThrough()
    input.destroy(new Error('EISDIR'))
    const { code, errors } = await run(explain(), { input })
    expect(code).toBe(2)
    expect(errors).toContain('standard input could not be read')
  })

  it.each([
    ['as an argument', (token: string) => explain([token])],
    ['as an option', (token: string) => explain([`--token=${token}`])],
    ['as a value', (token: string) => explain(['--scope', `Bearer ${token}`])],
    ['as the command', (token: string) => [token]],
    ['as an option that nobody knows', (token: string) => explain([`--acess-token=${token}`])],
    ['as the name of one', (token: string) => explain([`--${token}`])],
  ])('for a token given %s, which it does not repeat', async (_, args) => {
    const token = await mint()
    const { code, errors, output } = await run(args(token))
    expect(code).toBe(2)
    expect(errors.replaceAll('\n', ' ')).toMatch(/history of the shell.*list of processes.*Pipe the token in/)
    for (const part of token.split('.')) expect(errors + output).not.toContain(part)
  })

  it.each([['-q8xsecret'], ['--Zm9vYmFy123'], ['--opaque.secret.value'], ['Zm9vYmFyc2VjcmV0']])(
    'never repeating what may be a secret: %s',
    async (text) => {
      const { code, errors, output } = await run([...options, text])
      expect(code).toBe(2)
      expect(errors + output).not.toContain(text.replace(/^-+/, ''))
    },
  )
})

describe('an MCP server', () => {
  const url = 'https://mcp.contoso.com/mcp'
  const notes = async (args: readonly string[], token: Promise<string>): Promise<string> => {
    const { output } = await run(explain(['--json', ...args]), { stdin: await token })
    return (JSON.parse(output) as { notes: string[] }).notes.join('\n')
  }

  it('whose names are right has nothing to mend', async () => {
    expect(await notes(['--resource', url, '--scope', 'access_as_user'], mint())).toBe('')
  })

  it('whose URL ends with a slash is told what its clients end by, and the fix', async () => {
    const said = await notes(['--resource', `${url}/`], mint())
    expect(said).toContain('AADSTS9010010')
    expect(said).toContain(`write '${url}'`)
  })

  it('with v1.0 tokens is told what to set first', async () => {
    const token = mint({ version: 1 })
    expect(await notes(['--resource', url], token)).toContain('set requestedAccessTokenVersion to 2')
    expect(await notes([], token)).toBe('')
  })

  it('whose URL is none is a wrong usage', async () => {
    const { code, errors } = await run(explain(['--resource', 'mcp']), { stdin: await mint() })
    expect([code, errors]).toEqual([2, expect.stringContaining('--resource: ')])
  })
})

describe('what is no usage mistake', () => {
  it.each([[['--help']], [['-h']], [['explain', '--help']]])('help: %j, within 80 columns', async (args) => {
    const { code, output } = await run(args)
    expect(code).toBe(0)
    for (const line of ['0  accepted', '1  refused', '2  wrong usage', '3  undecided', '4  midtier itself'])
      expect(output).toContain(line)
    for (const line of output.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it.each([[['--version']], [['-v']], [['explain', '--version']]])('the version: %j', async (args) => {
    expect(await run(args)).toEqual({ code: 0, output: 'midtier 1.2.3\n', errors: '' })
  })
})

it('a failure of midtier itself has an exit code of its own, and its message is not repeated', async () => {
  let errors = ''
  const code = await runCommand(explain(), {
    input: piped(await mint()),
    output: {
      write: () => {
        throw new RangeError('secret')
      },
    },
    errors: { write: (text) => (errors += text) },
    environment: {},
    version: '1.2.3',
    nodeVersion: '22.20.0',
    supported: {},
  })
  expect(code).toBe(4)
  expect(errors).toBe('midtier: failed unexpectedly (RangeError)\n')
})
