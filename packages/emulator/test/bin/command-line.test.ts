import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/bin/command-line.ts'
import { createEmulator, defaultDirectory, EmulatorOptionsError, type Emulator } from '../../src/index.ts'
import {
  host,
  commandLine,
  alice,
  assistant,
  blueprint,
  blueprintSecret,
  bob,
  carol,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  fabrikam,
  legacyApi,
  middleTier,
  middleTierSecret,
  password,
  postToken,
  todoApi,
  webClient,
} from '../scenario.ts'

async function run(...args: string[]): Promise<string> {
  const written: string[] = []
  const output = {
    write: (text: string) => written.push(text),
    writeError: (text: string) => written.push(text),
  }
  const emulator = await runCommand(args, output)
  await emulator?.stop()
  return written.join('')
}

describe('the command', () => {
  it('prints where the emulator is and who can sign in', async () => {
    const text = await run('--port', '0')
    expect(text).toMatch(new RegExp(`Contoso +http://localhost:\\d+/${contoso}`))
    expect(text).toContain('alice@contoso.onmicrosoft.com')
  })

  it.each([
    ['http alone', []],
    ['https too', ['--https-port', '0']],
    ['a public origin', ['--public-origin', 'https://login.contoso.test']],
    ['https and a public origin', ['--https-port', '0', '--public-origin', 'https://login.contoso.test']],
  ])('prints authorities that issuers begin with, with %s', async (_, args) => {
    const written: string[] = []
    const write = (text: string): void => void written.push(text)
    const emulator = await runCommand(['--port', '0', ...args], { write, writeError: write })
    const token = await emulator!.mint({
      user: alice,
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
    })
    await emulator?.stop()
    const authority = /Contoso +(\S+)/.exec(written.join(''))?.[1]
    expect(claimsOf(token)['iss']).toBe(`${authority}/v2.0`)
  })

  it('prints one line of JSON for programs', async () => {
    const text = await run('--port', '0', '--https-port', '0', '--json')
    expect(text).toMatch(/^\{[^\n]*\}\n$/)
    const { origin, httpsOrigin, pid } = JSON.parse(text) as Record<string, unknown>
    expect(pid).toBe(process.pid)
    expect(origin).toMatch(/^http:\/\/localhost:\d+$/)
    expect(httpsOrigin).toMatch(/^https:\/\/localhost:\d+$/)
  })

  it('prints addresses, authorities, accounts and applications, one to a line', async () => {
    const text = await run('--port', '0', '--https-port', '0')
    const [, http, https] = /^ {2}(http:\S+)\n {2}(https:\S+)$/m.exec(text) ?? []
    expect(text).toBe(
      [
        'Entra ID emulator',
        `  ${http}`,
        `  ${https}`,
        '',
        'CA that https clients have to trust',
        `  ${http}/_emulator/ca.pem`,
        '',
        'Authorities',
        `  Contoso      ${https}/${contoso}`,
        `  Fabrikam     ${https}/${fabrikam}`,
        '',
        'Accounts',
        `  ${alice.padEnd(34)} ${password}`,
        `  ${bob.padEnd(34)} ${password}`,
        `  ${carol.padEnd(34)} ${password}`,
        `  ${assistant.padEnd(34)} no password: the user account of an agent`,
        '',
        'Applications',
        `  To Do list web client              ${webClient}`,
        '    redirect http://localhost:3000/ (spa)',
        '    redirect http://localhost:3000/redirect.html (spa)',
        `  To Do list middle tier             ${middleTier}`,
        `    secret   ${middleTierSecret}`,
        `    scope    api://${middleTier}/access_as_user`,
        `  To Do API                          ${todoApi}`,
        `    scope    api://${todoApi}/Tasks.ReadWrite`,
        '    role     Tasks.Read.All',
        `  To Do list command line            ${commandLine}`,
        '    redirect http://localhost (publicClient)',
        `  Nightly report daemon              ${daemon}`,
        `    secret   ${daemonSecret}`,
        `  To Do list host                    ${host}`,
        `  Legacy web API                     ${legacyApi}`,
        '    scope    api://legacy.contoso.com/user_impersonation',
        `  Assistant blueprint                ${blueprint}`,
        `    secret   ${blueprintSecret}`,
        '    redirect http://localhost:3000/consented (web)',
        `    scope    api://${blueprint}/access_agent`,
        '',
        `Settings of a client: npx midtier-emulator config --client msal-node --app "To Do list web client" --url ${http}`,
        'Ctrl+C stops it.',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [[], 9010010],
    [['--resource-indicators', 'checked'], 9010010],
    [['--resource-indicators', 'ignored'], undefined],
    [['--resource-indicators', 'refused'], 901002],
  ])('says with %j what becomes of resource', async (args, code) => {
    const ignore = (): void => undefined
    const emulator = await runCommand(['--port', '0', ...args], { write: ignore, writeError: ignore })
    const { body } = await postToken(emulator!, {
      grant_type: 'client_credentials',
      client_id: daemon,
      client_secret: daemonSecret,
      scope: `${todoApi}/.default`,
      resource: 'https://mcp.example.net',
    })
    await emulator?.stop()
    expect(body['error_codes']).toEqual(code === undefined ? undefined : [code])
  })

  it('prints the file of the CA, and no more of a large directory than a screen holds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
    const user = (index: number) => ({
      ...{ id: `c0000000-0000-4000-8000-${String(index).padStart(12, '0')}`, tenantId: contoso, password },
      ...{ username: `person-${String(index)}@contoso.com`, displayName: 'Person' },
    })
    const users = Array.from({ length: 40 }, (_, index) => user(index))
    const file = join(folder, 'directory.json')
    await writeFile(file, JSON.stringify({ ...defaultDirectory, users }))
    const state = join(folder, 'state')
    const args = ['--port', '0', '--https-port', '0', '--state', state, '--directory', file]
    const text = await run(...args)
    expect(text).toContain(`\n  ${join(state, 'ca.pem')}\n  http://localhost:`)
    expect(text).toContain('person-24@contoso.com')
    expect(text).not.toContain('person-25@contoso.com')
    expect(text).toContain('  … and 15 more\n')
    expect(JSON.parse(await run(...args, '--json'))).toMatchObject({ caFile: join(state, 'ca.pem') })
    await rm(folder, { recursive: true })
  })

  it('prints help and starts nothing', async () => {
    const text = await run('--help')
    expect(text).toContain('--public-origin <origin>')
    expect(text).toContain('(default 8444; 0: any free one)')
    expect(text).toContain('(default http://localhost:8444)')
  })

  it.each([
    [['--port', 'many'], '--port: "many" is not a port number'],
    [['--resource-indicators', 'on'], '--resource-indicators: "on" is not checked, ignored or refused'],
    [['--nonsense'], "Unknown option '--nonsense'"],
    [['--directory', '/nowhere/directory.json'], '--directory: /nowhere/directory.json'],
    [['--port', '0', '--public-origin', 'nowhere'], 'publicOrigin: must be an origin'],
  ])('names what is wrong with %s', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(EmulatorOptionsError)
    await expect(run(...args)).rejects.toThrow(message)
  })

  it('starts with the policies of a directory file, and names the path of a mistake in them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
    const file = join(folder, 'directory.json')
    const start = async (policies: readonly unknown[]) => {
      await writeFile(file, JSON.stringify({ ...defaultDirectory, policies }))
      const ignore = (): void => undefined
      return runCommand(['--port', '0', '--directory', file], { write: ignore, writeError: ignore })
    }
    const emulator = await start([{ kind: 'block', resource: 'To Do API' }])
    expect(emulator!.policies.list()).toMatchObject([{ kind: 'block', enabled: true }])
    await emulator!.stop()
    await expect(start([{ kind: 'block', resource: 'Nothing' }])).rejects.toThrow(
      'directory.policies.0.resource: "Nothing" is not an API of the directory, nor "all"',
    )
    await rm(folder, { recursive: true })
  })

  it('names the path of a mistake in a directory file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
    const file = join(folder, 'directory.json')
    await writeFile(
      file,
      JSON.stringify({
        tenants: [{ id: 'x', displayName: 'X', domains: ['x.example'] }],
        users: [],
        applications: [],
      }),
    )
    await expect(run('--port', '0', '--directory', file)).rejects.toThrow(
      'directory.tenants.0.id: must be a GUID',
    )
    await rm(folder, { recursive: true })
  })
})

describe('the command token', () => {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await createEmulator()
  })
  afterAll(() => emulator.stop())

  const token = (...args: string[]): Promise<string> => run('token', ...args, '--url', emulator.origin)

  it('prints a token of a user, by names or ids, and nothing else', async () => {
    const args = [
      '--client',
      'to do list web client',
      '--audience',
      `api://${middleTier}`,
      '--scope',
      'access_as_user',
    ]
    const printed = await token(alice, ...args, '--mfa')
    expect(printed).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(claimsOf(printed.trim())).toMatchObject({ azp: webClient, scp: 'access_as_user', aud: middleTier })
  })

  it('prints one of an application, with roles and a lifetime', async () => {
    const args = ['--client', daemon, '--audience', todoApi, '--role', 'A', '--role', 'B', '--lifetime', '60']
    const claims = claimsOf((await token(...args)).trim())
    expect(claims).toMatchObject({ azp: daemon, idtyp: 'app', roles: ['A', 'B'] })
    expect(Number(claims['exp']) - Math.floor(emulator.clock.now() / 1000)).toBeLessThanOrEqual(60)
  })

  it.each([
    ['without a client', ['--audience', todoApi], '--client: is missing'],
    ['without an audience', ['--client', daemon], '--audience: is missing'],
    [
      'with a client that is not there',
      ['--client', 'nobody', '--audience', todoApi],
      'token: mint.client: nobody is not',
    ],
    ['with two users', [alice, bob, '--client', daemon, '--audience', todoApi], 'token: one user, not 2'],
    ['with an option that there is not', ['--scopes', 'x'], "Unknown option '--scopes'"],
    [
      'with a lifetime that is none',
      ['--client', daemon, '--audience', todoApi, '--lifetime', 'long'],
      '--lifetime: "long"',
    ],
  ])('says what is wrong %s', async (_, args, said) => {
    await expect(token(...args)).rejects.toThrow(EmulatorOptionsError)
    await expect(token(...args)).rejects.toThrow(said)
  })

  it('says that no emulator answers', async () => {
    const gone = await createEmulator()
    await gone.stop()
    const asking = run('token', '--client', daemon, '--audience', todoApi, '--url', gone.origin)
    await expect(asking).rejects.toThrow(`--url: no emulator answers at ${gone.origin}`)
  })

  it('is in the help', async () => {
    expect(await run('--help')).toContain('midtier-emulator token [user]')
    expect(await run('token', '--help')).toContain('--audience <app>')
  })
})
