// `midtier doctor` as it is typed: where the options come from, its exit codes, its page, and what it must never print.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { load } from '../../src/bin/load-options.ts'
import { runCommand } from '../../src/bin/run-command.ts'
import { UsageError } from '../../src/bin/usage-error.ts'
import { ids } from '../behaviour/scenario.ts'
import { graphToken, userToken } from '../doctor/sound-set-up.ts'

const secret = 'middle-tier-secret-for-local-use-only'
let emulator: Emulator
let folder: string
beforeAll(async () => {
  emulator = await createEmulator()
  folder = await mkdtemp(join(tmpdir(), 'midtier-doctor-'))
})
afterAll(async () => {
  await emulator.stop()
  await rm(folder, { recursive: true })
})

interface Run {
  readonly code: number
  readonly output: string
  readonly errors: string
}

async function run(
  args: readonly string[],
  { stdin = '', environment = {} }: { stdin?: string; environment?: Readonly<Record<string, string>> } = {},
  heard: (text: string) => void = () => undefined,
): Promise<Run> {
  const written = { output: '', errors: '' }
  const input = new PassThrough()
  input.end(stdin)
  const code = await runCommand(['doctor', ...args], {
    input,
    output: { write: (text) => (written.output += text), isTTY: false, columns: 80 },
    errors: {
      write: (text) => {
        heard(text)
        return (written.errors += text)
      },
    },
    environment,
    version: '1.2.3',
    nodeVersion: '22.20.0',
    supported: { node: '>=20.19' },
  })
  return { code, ...written }
}

const entrance = new URL('../../src/index.ts', import.meta.url).href

/** A module of the user. */
async function module(name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, text)
  return path
}

const written = (more = ''): string => `{
  tenantId: '${ids.contoso}',
  clientId: '${ids.middleTier}',
  instance: '${emulator.origin}',
  downstreamApis: { graph: { baseUrl: '${emulator.origin}/v1.0/', scopes: ['User.Read'] } },
  clientCredential: { kind: 'secret', addTo: (parameters) => parameters.set('client_secret', '${secret}') },
  ${more}
}`

const azure = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  AZURE_TENANT_ID: ids.contoso,
  AZURE_CLIENT_ID: ids.middleTier,
  AZURE_CLIENT_SECRET: secret,
  AZURE_AUTHORITY_HOST: emulator.origin,
  ...more,
})

describe('the options come from', () => {
  it('a module that exports them', async () => {
    const { code, output } = await run([await module('options', `export default ${written()}`)])
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^\n Sound\n\n ✔ \d+ passed, 3 skipped \(--all lists them\)\n\n$/),
    ])
  })

  it('a module that exports the API which was made of them', async () => {
    const text = `import { createWebApi } from '${entrance}'\nexport const api = createWebApi(${written()})`
    const { code, output } = await run([await module('api', text), '--all'])
    expect([code, output]).toEqual([0, expect.stringContaining('application: known to the tenant')])
  })

  it('the variables of the Azure SDKs', async () => {
    expect((await run([], { environment: azure() })).code).toBe(0)
    const wrong = await run([], { environment: azure({ AZURE_CLIENT_SECRET: 'wrong' }) })
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('AADSTS7000215')])
  })

  it('options of the command line, with the credential of the environment', async () => {
    const args = ['--tenant', ids.contoso, '--client-id', ids.middleTier, '--instance', emulator.origin]
    const bare = await run([...args, '--all'])
    expect([bare.code, bare.output]).toEqual([0, expect.stringContaining('credential: none is configured')])
    const { output } = await run([...args, '--all'], { environment: { AZURE_CLIENT_SECRET: secret } })
    expect(output).toContain('application: known to the tenant')
  })
})

describe('an option of the command line', () => {
  const other = 'a0000000-0000-4000-8000-00000000dead'
  const url = 'https://mcp.contoso.com/mcp'

  it.each([
    ['--tenant', 'c0000000-0000-4000-8000-00000000dead', 'tenant'],
    ['--client-id', other, 'application'],
    ['--instance', 'http://127.0.0.1:1', 'authority'],
    ['--audience', 'not a GUID of anything', 'user_token.audience'],
    ['--resource', `${url}/`, 'resource'],
  ])('%s goes before what a module or the environment says', async (name, value, check) => {
    const token = await userToken(emulator, { audience: ids.todoApi, scopes: ['Tasks.ReadWrite'] })
    const path = await module('before', `export default ${written()}`)
    for (const [words, environment] of [
      [[path], {}],
      [[], azure()],
    ] as const) {
      const args = [...words, name, value, '--json', ...(name === '--audience' ? ['--user-token'] : [])]
      const { output } = await run(args, { environment, stdin: token })
      const { findings } = JSON.parse(output) as {
        findings: { check: string; verdict: string; should?: string }[]
      }
      const found = findings.find((each) => each.check === check && each.verdict === 'failed')
      expect(found, output).toBeDefined()
      if (name === '--audience') expect(found?.should).toContain(value)
    }
  })

  it('--allowed-tenant says who may call, also beside the environment', async () => {
    const { output } = await run(['--allowed-tenant', 'nonsense'], { environment: azure() })
    expect(output).toContain('allowedTenants[0]')
  })

  it.each([
    ['--url', [url], '--url: is for an MCP server'],
    ['--graph-url', ['https://graph.contoso.com/v1.0'], '--graph-url: needs a token'],
    ['--user-token', ['--sign-in', other], '--sign-in: cannot stand beside --user-token'],
  ])('%s that would change nothing is refused', async (name, values, message) => {
    const { code, errors } = await run([name, ...values], { environment: azure() })
    expect([code, errors.replaceAll('\n', ' ')]).toEqual([2, expect.stringContaining(message)])
  })

  it('of Entra is refused beside an authority of another kind', async () => {
    const path = await module(
      'openid',
      `export default { authority: 'https://id.example/', clientId: 'api' }`,
    )
    const { code, errors } = await run([path, '--instance', emulator.origin])
    expect([code, errors]).toEqual([2, expect.stringContaining('--instance: is for Entra')])
  })
})

describe('a fault', () => {
  it('of the options is named with the option, though the module cannot even be loaded', async () => {
    const text = `import { createWebApi } from '${entrance}'\nexport const api = createWebApi(${written("tenatId: 'x'")})`
    const { code, output } = await run([await module('wrong', text)])
    expect(code).toBe(1)
    expect(output).toMatch(
      /^\n 1 fault\n\n ✘ configuration\n {3}is +tenatId: unknown option; did you mean 'tenantId'\?/,
    )
  })

  it('of the options is a finding beside a sign-in as well', async () => {
    const path = await module('odd-proxy', `export default ${written("proxy: 'nonsense'")}`)
    const { code, output } = await run([path, '--sign-in', ids.webClient])
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^\n 1 fault\n\n ✘ configuration\n {3}is +proxy: /),
    ])
  })

  it('of the environment names the variable', async () => {
    const { code, output } = await run([])
    expect([code, output]).toEqual([1, expect.stringContaining('AZURE_TENANT_ID: is not set')])
    expect(output.replaceAll(/\s+/g, ' ')).toContain('or name the module that exports the API')
  })

  it('is a row for programs', async () => {
    const { code, output } = await run(['--json'], { environment: azure({ AZURE_CLIENT_SECRET: 'wrong' }) })
    expect(code).toBe(1)
    const { verdict, findings } = JSON.parse(output) as { verdict: string; findings: object[] }
    expect(verdict).toBe('faulty')
    expect(findings).toContainEqual({
      check: 'credential',
      verdict: 'failed',
      is: expect.stringContaining('AADSTS7000215') as string,
      should: 'a credential that the registration knows',
      mend: 'create a new client secret (App registrations, Certificates & secrets), and configure its value, not its id, as clientCredential',
    })
  })
})

/** Alice at the pages of the authority: every form filled in, until there is none. */
async function typeCode(address: string, userCode: string): Promise<void> {
  const cookies = new Map<string, string>()
  const fill = {
    code: userCode,
    confirmation: 'continue',
    username: 'alice@contoso.onmicrosoft.com',
    password: 'Passw0rd!',
    consent: 'accept',
  }
  let next: { url: string; body?: URLSearchParams } | undefined = { url: address }
  for (let pages = 0; next !== undefined; pages += 1) {
    if (pages > 20) throw new Error(`no end of pages: ${next.url}`)
    const { url, body }: { url: string; body?: URLSearchParams } = next
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const method = body === undefined ? 'GET' : 'POST'
    const answer: Response = await fetch(url, {
      method,
      ...(body && { body }),
      redirect: 'manual',
      headers: { cookie },
    })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    const [form = ''] = /<form[^>]*method="post"[\s\S]*?<\/form>/.exec(await answer.text()) ?? []
    const fields = new URLSearchParams()
    for (const [, name = '', value = ''] of form.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g))
      fields.set(name, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
    for (const [name, value] of Object.entries(fill))
      if (form.includes(`name="${name}"`)) fields.set(name, value)
    const action = / action="([^"]*)"/.exec(form)?.[1]
    if (location !== null) next = { url: new URL(location, url).href }
    else
      next =
        action === undefined
          ? undefined
          : { url: new URL(action.replaceAll('&amp;', '&'), url).href, body: fields }
  }
}

describe('for a person', () => {
  it('who pastes a token, it is exchanged for real', async () => {
    const path = await module('obo', `export const options = ${written()}`)
    const { code, output } = await run([path, '--user-token', '--all'], { stdin: await userToken(emulator) })
    expect([code, output]).toEqual([0, expect.stringContaining('downstream.graph: exchanged for User.Read')])
  })

  it('who signs in by a code, too', async () => {
    const path = await module('sign-in', `export const options = ${written()}`)
    const commandLine = 'a0000000-0000-4000-8000-000000000008'
    const args = [path, '--sign-in', commandLine, '--scope', 'access_as_user', '--all']
    let signedIn: Promise<void> | undefined
    const { code, output } = await run(args, {}, (text) => {
      const userCode = /enter the code (\w+)/.exec(text)?.[1] ?? ''
      signedIn = typeCode(`${emulator.origin}/devicelogin`, userCode)
    })
    await signedIn
    expect([code, output]).toEqual([0, expect.stringContaining('downstream.graph: exchanged for User.Read')])
  })

  it('who may not sign in there, it says what the authority said', async () => {
    const path = await module('refused', `export const options = ${written()}`)
    const { code, errors } = await run([path, '--sign-in', 'a0000000-0000-4000-8000-00000000dead'])
    expect([code, errors]).toEqual([2, expect.stringContaining('the sign-in was refused: AADSTS700016')])
  })
})

it('reads the registration with the token for Microsoft Graph that the environment has', async () => {
  const environment = azure({ MIDTIER_GRAPH_TOKEN: await graphToken(emulator) })
  const { output } = await run(['--all'], { environment })
  expect(output).toMatch(/✔ app_id_uri: Application ID URIs: api:/)
})

it('prints no token, no secret, and no name of a person', async () => {
  const tokens = [await userToken(emulator), await graphToken(emulator)]
  const environment = azure({ MIDTIER_GRAPH_TOKEN: tokens[1] ?? '' })
  for (const more of [['--all'], ['--json']]) {
    const { output, errors } = await run(['--user-token', ...more], { environment, stdin: tokens[0] ?? '' })
    for (const part of [secret, 'Alice', 'alice', ids.alice, ...tokens.flatMap((token) => token.split('.'))])
      expect(output + errors).not.toContain(part)
  }
})

describe('wrong usage ends with exit code 2', () => {
  it.each([
    ['two modules', ['one.mjs', 'two.mjs'], 'doctor takes one module'],
    ['a module that is not there', ['./nowhere.mjs'], './nowhere.mjs cannot be loaded: ERR_MODULE_NOT_FOUND'],
    ['an option of no command', ['--nonsense'], '--nonsense is no option'],
    ['a tenant without a client', ['--tenant', ids.contoso], '--client-id is missing'],
    [
      'a scope as clients ask for it',
      ['--scope', 'api://x/access_as_user'],
      'leave out the Application ID URI',
    ],
    ['a token as an argument', ['eyJhbGciOi'], 'a token must not be an argument'],
  ])('for %s', async (_, args, message) => {
    const { code, errors, output } = await run(args)
    expect([code, output]).toEqual([2, ''])
    expect(errors).toContain('midtier doctor --help')
    expect(errors.replaceAll('\n', ' ')).toContain(message)
  })

  it.each([
    ["import 'no-such-package'", "Cannot find package 'no-such-package'"],
    ["throw new Error('CLIENT_ID is not set')", 'Error: CLIENT_ID is not set'],
    ["throw 'a text'", 'what it throws is no Error (string)'],
    ['throw undefined', 'what it throws is no Error (undefined)'],
    ["throw Object.assign(new Error('x'), { message: 5 })", 'Error: 5'],
    ['throw Object.create(null)', 'what it throws is no Error (object)'],
  ])('for a module that cannot be loaded, with the reason: %s', async (text, reason) => {
    const { code, errors } = await run([await module(`unloadable-${String(text.length)}`, text)])
    expect([code, errors.replaceAll('\n', ' ')]).toEqual([2, expect.stringContaining(reason)])
  })

  it('for a module that never comes to its end', async () => {
    const path = await module('endless', 'await new Promise(() => undefined)')
    await expect(load(path, 20)).rejects.toThrow(
      new UsageError(`${path} is still loading after 0.02 seconds: something that it awaits does not come`),
    )
  })

  it('for a Graph without its version', async () => {
    const args = ['--graph-url', 'https://graph.microsoft.com']
    const environment = azure({ MIDTIER_GRAPH_TOKEN: 'opaque' })
    expect((await run(args, { environment })).errors).toContain('--graph-url: names no version')
  })

  it('for a module with nothing of use in it', async () => {
    const { code, errors } = await run([await module('empty', 'export const answer = 42')])
    expect([code, errors.replaceAll('\n', ' ')]).toEqual([
      2,
      expect.stringContaining('exports neither the options'),
    ])
  })
})

it('helps within 80 columns', async () => {
  const { code, output } = await run(['--help'])
  expect(code).toBe(0)
  for (const line of output.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  expect(output).toContain('0  sound')
})
