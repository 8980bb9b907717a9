// `midtier registration` as it is typed: what it makes of a file, and its exit codes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/bin/run-command.ts'
import { ids } from '../behaviour/scenario.ts'
import { defineRegistrations, emulatorDirectory } from '../../src/registration/registration.ts'
import type { Registrations } from '../../src/registration/definition.ts'
import { graphToken } from '../doctor/sound-set-up.ts'
import { hostileText, obeyed } from './hostile-text.ts'
import { solution } from '../registration/solution.ts'

let emulator: Emulator
let folder: string
let file: string
beforeAll(async () => {
  emulator = await createEmulator({ directory: emulatorDirectory(solution, { base: defaultDirectory }) })
  folder = await mkdtemp(join(tmpdir(), 'midtier-registration-'))
  file = await write('registrations', solution)
})
afterAll(async () => {
  await emulator.stop()
  await rm(folder, { recursive: true })
})

async function write(name: string, registrations: unknown): Promise<string> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, `export default ${JSON.stringify(registrations)}`)
  return path
}

interface Run {
  readonly code: number
  readonly output: string
  readonly errors: string
}

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const written = { output: '', errors: '' }
  const code = await runCommand(['registration', ...args], {
    input: new PassThrough(),
    output: { write: (text) => (written.output += text) },
    errors: { write: (text) => (written.errors += text) },
    environment,
    version: '1.2.3',
    nodeVersion: '22.20.0',
    supported: {},
  })
  return { code, ...written }
}

it('prints a script of Azure CLI', async () => {
  const { code, output } = await run(['script', file])
  expect([code, output]).toEqual([0, expect.stringMatching(/^#!\/usr\/bin\/env bash\n/)])
  expect(output).not.toMatch(/[«»]/)
})

it('prints a template of Bicep, in which applications name each other', async () => {
  const { code, output } = await run(['bicep', file])
  expect([code, output]).toEqual([0, expect.stringContaining('\nextension microsoftGraphV1\n')])
  expect(output).not.toMatch(/[«»]/)
  expect(output).toContain(
    "resource api1 'Microsoft.Graph/servicePrincipals@v1.0' existing = {\n  appId: '00000003-0000-0000-c000-000000000000'\n}",
  )
  expect(output).toContain("resource api 'Microsoft.Graph/applications@v1.0' = {\n  uniqueName: 'todo-api'\n")
  expect(output).toContain("id: filter(api1.oauth2PermissionScopes, each => each.value == 'User.Read')[0].id")
  expect(output).toMatch(/resourceAppId: api\.appId\n/)
  expect(output).toMatch(
    /appId: commandLine\.appId\n|\n\/\/ Left out of api, .*preAuthorizedClients\.commandLine/,
  )
  expect(output).toContain("displayName: 'The API of $HOME, `date` and \\'quotes\\''")
  const [opened, closed] = [output.match(/[{[]/g)?.length, output.match(/[}\]]/g)?.length]
  expect(opened).toBe(closed)
})

describe('diff', () => {
  const graph = (): string[] => ['--graph-url', `${emulator.origin}/v1.0`]

  it('is content with a tenant that is as the file says', async () => {
    const { code, output } = await run(['diff', file, ...graph()], {
      MIDTIER_GRAPH_TOKEN: await graphToken(emulator),
    })
    expect([code, output]).toEqual([0, 'The tenant is as the file says.\n'])
  })

  it('lists differences, for programs too', async () => {
    const { nightly } = solution.applications
    const changed = {
      ...solution,
      applications: { ...solution.applications, nightly: { ...nightly, displayName: 'Job' } },
    }
    const path = await write('changed', changed)
    const environment = { MIDTIER_GRAPH_TOKEN: await graphToken(emulator) }
    const { code, output } = await run(['diff', path, ...graph()], environment)
    expect([code, output]).toEqual([
      1,
      'nightly  displayName\n  file    Job\n  tenant  Nightly job\n\n1 difference\n',
    ])
    const both = { ...changed.applications, page: { ...solution.applications.page, displayName: 'Pages' } }
    const two = await write('changed-twice', { ...changed, applications: both })
    expect((await run(['diff', two, ...graph()], environment)).output).toMatch(/\n\n2 differences\n$/)
    const { output: json } = await run(['diff', path, '--json', ...graph()], environment)
    expect(JSON.parse(json)).toEqual({
      differences: [{ application: 'nightly', what: 'displayName', file: 'Job', tenant: 'Nightly job' }],
    })
  })
})

it.each(['diff', 'diff --json', 'script', 'bicep'])(
  'prints nothing of file or tenant that a terminal obeys: %s',
  async (action) => {
    const named = (displayName: string): Registrations =>
      defineRegistrations({
        name: 'hostile',
        tenantId: ids.contoso,
        applications: { api: { displayName, scopes: { read: hostileText } } },
      })
    const path = await write('hostile', named(`file ${hostileText}`))
    const directory = emulatorDirectory(named(`tenant ${hostileText}`), { base: defaultDirectory })
    const other = await createEmulator({ directory })
    const environment = { MIDTIER_GRAPH_TOKEN: await graphToken(other) }
    const [what = '', ...flags] = action.split(' ')
    const at = what === 'diff' ? ['--graph-url', `${other.origin}/v1.0`] : []
    const { output, errors } = await run([what, path, ...flags, ...at], environment)
    await other.stop()
    expect([obeyed(output), errors]).toEqual([undefined, ''])
    expect(output).toMatch(/(file|displayName: ').{0,9}a\\\\?u\{?(00)?1b/)
  },
)

it('prints nothing of a file that a terminal obeys when it refuses it', async () => {
  const path = await write('refused', { tenantId: ids.contoso, applications: { [hostileText]: {} } })
  const { code, errors } = await run(['script', path])
  expect([code, obeyed(errors)]).toEqual([2, undefined])
})

describe('wrong usage ends with exit code 2', () => {
  it.each([
    ['nothing to make', () => [], 'say what to make of the file'],
    ['something else to make', () => ['terraform', file], 'say what to make of the file'],
    ['no file', () => ['script'], 'script needs a file of registrations'],
    ['three words', () => ['script', file, file], 'registration takes what to make'],
    ['a file that is not there', () => ['script', './nowhere.mjs'], 'cannot be loaded: ERR_MODULE_NOT_FOUND'],
    ['no token', () => ['diff', file], 'MIDTIER_GRAPH_TOKEN is not set'],
    ['an option of diff', () => ['script', file, '--json'], '--json: is for diff alone'],
    ['an option of the doctor', () => ['script', file, '--user-token'], '--user-token is no option'],
  ])('for %s', async (_, args, message) => {
    const { code, output, errors } = await run(args())
    expect([code, output]).toEqual([2, ''])
    expect(errors).toContain('midtier registration --help')
    expect(errors.replaceAll('\n', ' ')).toContain(message)
  })

  it('for a domain in place of the tenant, which it names as the file does', async () => {
    const domain = await write('domain', { tenantId: 'contoso.onmicrosoft.com', applications: {} })
    const { code, errors } = await run(['script', domain])
    expect([code, errors]).toEqual([
      2,
      expect.stringMatching(/^midtier: tenantId: is not a GUID; write that of the tenant/),
    ])
  })

  it('for a file that cannot be meant, and for a token that is refused', async () => {
    const wrong = await write('wrong', {
      tenantId: ids.contoso,
      applications: { api: { displayName: 'API', knownClients: ['page'] } },
    })
    expect((await run(['bicep', wrong])).errors.replaceAll('\n', ' ')).toContain(
      "there is no application 'page'",
    )
    const empty = await write('empty', 3000)
    expect((await run(['bicep', empty])).errors.replaceAll('\n', ' ')).toContain('exports no registrations')
    const args = ['diff', file, '--graph-url', `${emulator.origin}/v1.0`]
    const { code, errors } = await run(args, { MIDTIER_GRAPH_TOKEN: 'opaque' })
    expect([code, errors.replaceAll('\n', ' ')]).toEqual([
      2,
      expect.stringContaining('answered with status 401'),
    ])
  })
})

it('helps within 80 columns', async () => {
  const { code, output } = await run(['--help'])
  expect(code).toBe(0)
  for (const line of output.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
})
