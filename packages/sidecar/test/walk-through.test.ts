// What the page for users and the README show in a shell, as it stands there.
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { findFreePorts } from '../../midtier/test/stores/free-port.ts'
import { claimsOf } from './echo-api.ts'
import { ids } from './scenario.ts'

const page = readFileSync(new URL('../../../docs/sidecar.md', import.meta.url), 'utf8')
const [section = ''] = (page.split('\n## A walk-through with curl\n')[1] ?? '').split('\n## ')
const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)

const home = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const commands = {
  'midtier-emulator': home('../../emulator/dist/esm/bin.js'),
  'midtier-sidecar': home('../dist/esm/bin.js'),
}
// What npm would install is built here already.
const around = `
npm() { test "$*" = 'install @midtier/sidecar @midtier/emulator'; }
npx() {
  case "$1" in ${Object.entries(commands)
    .map(([name, path]) => `${name}) shift; exec '${process.execPath}' '${path}' "$@";;`)
    .join(' ')} esac
}
`

const shell = ['bash', 'curl'].every((name) => spawnSync(name, ['--version']).status === 0)

/** What blocks say, one after the other in one shell, on ports that are free. */
async function run(blocks: readonly string[]): Promise<string> {
  const [emulator, sidecar] = await findFreePorts(2)
  const script = [around, ...blocks.map((block) => `${block}\necho; echo "--- next"`)]
    .join('\n')
    .replaceAll('8444', String(emulator))
    .replaceAll('8080', String(sidecar))
    .replaceAll('npx midtier-emulator &', `npx midtier-emulator --port ${emulator} &`)
    .replaceAll('npx midtier-emulator token', `npx midtier-emulator token --url http://localhost:${emulator}`)
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], NO_PROXY: '*' },
    maxBuffer: 10_000_000,
  })
  return stdout
}

describe.runIf(shell)('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [install = '', first = ''] = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
    ([, block = '']) => block,
  )

  it('tells who called, gives a header, and calls, with what it installs alone', async () => {
    const said = await run([install, first])
    expect(said).toContain('"protocol":"Bearer"')
    expect(said).toMatch(/"authorizationHeader":"Bearer [^"]+"/)
    expect(said).toMatch(/"displayName": ?"Alice Adams"/)
  })
})

describe.runIf(shell)('the walk-through', () => {
  let said: string[]
  beforeAll(async () => {
    said = (await run(blocks)).split('--- next\n')
  })
  const json = (at: number): Record<string, unknown> => JSON.parse(said[at] ?? '') as Record<string, unknown>
  const bearer = (text: string | undefined): Record<string, unknown> =>
    claimsOf(/"authorizationHeader":"(Bearer [^"]+)"/.exec(text ?? '')?.[1])

  it('has a block for each step', () => {
    expect(blocks).toHaveLength(9)
    expect(said).toHaveLength(10)
  })

  it('starts both', () => {
    expect(said[1]?.trim()).toMatch(/Ready$/)
  })

  it('tells who called', () => {
    expect(json(2)).toMatchObject({ protocol: 'Bearer', claims: { oid: ids.alice } })
  })

  it('gives a header, of the caller and of the application', () => {
    expect(bearer(said[3])).toMatchObject({ oid: ids.alice, scp: expect.stringContaining('User.Read') })
    expect(bearer(said[5])['scp']).toBeUndefined()
    expect(bearer(said[5])).toMatchObject({ appid: ids.middleTier })
  })

  it('calls, told as JSON and as it is', () => {
    const text = said[4]?.trim() ?? ''
    const [told, plain] = [text.slice(0, text.indexOf('}{') + 1), text.slice(text.indexOf('}{') + 1)]
    expect(JSON.parse((JSON.parse(told) as { content: string }).content)).toMatchObject({
      displayName: 'Alice Adams',
    })
    expect(JSON.parse(plain)).toMatchObject({ displayName: 'Alice Adams' })
  })

  it('hears of MFA, and passes with it', () => {
    const [before, after] = (said[6] ?? '').split('HTTP/1.1 200 OK')
    expect(before).toContain('HTTP/1.1 401 Unauthorized')
    expect(before?.toLowerCase()).toContain('www-authenticate: bearer')
    expect(bearer(after)).toMatchObject({ oid: ids.alice })
  })

  it('explains', () => {
    expect(json(7)).toMatchObject({ verdict: 'accepted' })
  })
})
