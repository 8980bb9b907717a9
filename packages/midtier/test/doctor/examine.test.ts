// The doctor against the emulator: it names the fault of every broken set-up, and has nothing to say of a sound one.
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { formatFindings } from '../../src/bin/format-findings.ts'
import { examine } from '../../src/doctor/examine.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { examineNetwork } from '../../src/doctor/checks/network.ts'
import { createSubject } from '../../src/doctor/subject.ts'
import type { AnyWebApiOptions } from '../../src/options.ts'
import { ids } from '../behaviour/scenario.ts'
import { expectWritten, membersOf, withoutChance } from '../written.ts'
import { brokenSetUps, type BrokenSetUp } from './broken-set-ups.ts'
import { runtime, soundCircumstances, soundOptions } from './sound-set-up.ts'

const emulators: Emulator[] = []
afterEach(() => Promise.all(emulators.splice(0).map((emulator) => emulator.stop())))

async function start(create: () => Promise<Emulator> = createEmulator): Promise<Emulator> {
  const emulator = await create()
  emulators.push(emulator)
  return emulator
}

async function examineBroken({
  emulator: create,
  options,
  circumstances,
}: BrokenSetUp): Promise<readonly Finding[]> {
  const emulator = await start(create)
  const changed = { ...soundOptions(emulator), ...(await options?.(emulator)) } as AnyWebApiOptions
  return examine(changed, { runtime, ...(await circumstances?.(emulator)) })
}

const toMend = (findings: readonly Finding[]): string[] =>
  findings.filter(({ verdict }) => verdict === 'failed' || verdict === 'warned').map(({ check }) => check)

/** What is found in each broken set-up, looked for once. */
const found = new Map<string, Promise<readonly Finding[]>>()
const findingsOf = (name: string, setUp: BrokenSetUp): Promise<readonly Finding[]> => {
  const known = found.get(name) ?? examineBroken(setUp)
  found.set(name, known)
  return known
}

describe('a broken set-up', () => {
  it.each(Object.entries(brokenSetUps))('%s: is named, and nothing else is', async (name, setUp) => {
    const findings = await findingsOf(name, setUp)
    expect([...new Set(toMend(findings))], JSON.stringify(findings, null, 1)).toEqual([setUp.check])
    const found = findings.find(({ check, verdict }) => check === setUp.check && verdict !== 'passed')
    expect(found?.verdict).toBe(setUp.warned === true ? 'warned' : 'failed')
    expect(found?.mend).toBeTruthy()
    const page = formatFindings(findings, { colour: false, columns: 4_000, all: false })
    expect(page.replaceAll(/\n +/g, ' ')).toMatch(setUp.says)
    expect(page).not.toMatch(/\b\d{10}\b/) // nobody reads seconds since the epoch
  })

  it('is told as it is written', async () => {
    const lines: string[] = []
    for (const [name, setUp] of Object.entries(brokenSetUps))
      for (const { check, verdict, is, should, mend } of await findingsOf(name, setUp))
        if (verdict === 'failed' || verdict === 'warned') {
          const told = membersOf({ is, ...(should && { should }), ...(mend && { mend }) })
          lines.push(`${name}: ${verdict} ${check}`, ...told.map((line) => `  ${line}`), '')
        }
    await expectWritten(lines.map(everyDay), new URL('written/broken-set-ups.txt', import.meta.url))
  })

  it('has checks that pass, or are skipped, as it is written', async () => {
    const told = new Set<string>()
    for (const [name, setUp] of Object.entries(brokenSetUps))
      for (const { check, verdict, is, mend = '' } of await findingsOf(name, setUp))
        if (verdict === 'passed' || verdict === 'skipped')
          told.add(everyDay(`${verdict} ${check}: ${is}${mend && `; ${mend}`}`))
    await expectWritten([...told].sort(), new URL('written/passed-and-skipped.txt', import.meta.url))
  })
})

/** The same on every day, of every certificate. */
function everyDay(line: string): string {
  return withoutChance(line)
    .replaceAll(/\b\d{4}-\d\d-\d\d\b/g, '<date>')
    .replaceAll(/\b[\dA-F]{64}\b/g, '<thumbprint>')
    .replaceAll(/\b\d+ (?=days (?:ago|,)|minutes ahead|days, on)/g, '<n> ')
}

it('names an address with the page behind the consent where there is one', async () => {
  const consentRedirectUri = 'https://api.contoso.com/consented'
  const setUp = brokenSetUps['consent is missing']
  const findings = await examineBroken({
    check: '',
    says: /^/,
    ...setUp,
    options: () => ({ consentRedirectUri }),
  })
  const found = findings.find(({ check }) => check === 'downstream.todolist')
  expect(found?.mend).toContain(`redirect_uri=${encodeURIComponent(consentRedirectUri)}`)
})

it.each([429, 500, 503])(
  'says of a token endpoint that answers %d what to do, and not of the application',
  async (status) => {
    const emulator = await start()
    emulator.faults.add({ when: { endpoint: 'token' }, then: { status } })
    const findings = await examine(soundOptions(emulator), { runtime })
    expect(toMend(findings)).toEqual(['token_endpoint'])
    const found = findings.find(({ check }) => check === 'token_endpoint')
    expect(found?.should).toBe('the token endpoint answers')
    expect(found?.mend).toMatch(/^wait/)
  },
)

it('sends no credential and no token to an authority that is not the one that was meant', async () => {
  const emulator = await start()
  const circumstances = await soundCircumstances(emulator)
  const body = { issuer: 'https://entra.example/', jwks_uri: 'https://entra.example/keys' }
  emulator.faults.add({ when: { endpoint: 'discovery' }, then: { body } })
  const findings = await examine(soundOptions(emulator), circumstances)
  expect(toMend(findings).filter((check) => !check.startsWith('user_token'))).toEqual(['issuer'])
  expect(emulator.requests.list().filter(({ endpoint }) => endpoint === 'token')).toEqual([])
})

describe('a sound set-up', () => {
  it('has nothing to mend, and nothing is skipped when everything is handed in', async () => {
    const emulator = await start()
    const findings = await examine(soundOptions(emulator), await soundCircumstances(emulator))
    expect(findings.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    expect(formatFindings(findings, { colour: false, columns: 80, all: false })).toMatch(
      /^\n Sound\n\n ✔ \d+ passed, 0 skipped/,
    )
  })

  it('has nothing to mend, whoever is told about what the API does, and tells the record of tokens alone', async () => {
    const emulator = await start()
    const told: string[] = []
    const tell = (who: string) => () => void told.push(who)
    const logger = { error: tell('log'), warn: tell('log'), info: tell('log') }
    const watched = {
      logger,
      logRefusals: true,
      observer: tell('observer'),
      telemetry: {
        observe: tell('telemetry'),
        within: <Result>(_: unknown, work: () => Result): Result => (tell('telemetry')(), work()),
        activeTraceId: () => undefined,
      },
      auditLogger: { info: tell('audit') },
    }
    const findings = await examine({ ...soundOptions(emulator), ...watched }, { runtime })
    expect(toMend(findings), JSON.stringify(findings)).toEqual([])
    expect(new Set(told)).toEqual(new Set(['audit']))
  })

  it('with nothing handed in says what was not looked at, and how it can be', async () => {
    const emulator = await start()
    const findings = await examine(soundOptions(emulator), { runtime })
    expect(toMend(findings)).toEqual([])
    const left = findings.filter(({ verdict }) => verdict === 'skipped')
    expect(left.map(({ check }) => check)).toEqual([
      'registration',
      'user_token',
      'downstream.todolist',
      'downstream.graph',
    ])
    for (const { mend } of left) expect(mend).toBeTruthy()
  })
})

it('warns of a proxy that Node.js does not go by', async () => {
  const options = { tenantId: ids.contoso, clientId: ids.middleTier }
  const environment = { HTTPS_PROXY: 'http://proxy.contoso.com:8080' }
  const look = (more: object, variables: object = {}): Promise<readonly Finding[]> =>
    Promise.resolve(
      examineNetwork(
        createSubject(
          { ...options, ...more },
          { runtime: { ...runtime, environment: { ...environment, ...variables } } },
        ),
        [],
      ),
    )
  expect(await look({})).toMatchObject([{ check: 'proxy', verdict: 'warned' }])
  expect(await look({}, { NODE_USE_ENV_PROXY: '1' })).toMatchObject([{ verdict: 'passed' }])
  expect(await look({ proxy: false })).toMatchObject([{ verdict: 'passed' }])
})

it('says that no downstream API was looked at where none is known', async () => {
  const findings = await examineBroken({ check: '', says: /^/, options: () => ({ downstreamApis: {} }) })
  const said = findings.filter(({ check }) => check.startsWith('downstream'))
  expect(said).toMatchObject([{ check: 'downstream', verdict: 'skipped' }])
  expect(said[0]?.mend).toContain('npx midtier doctor ./api.js')
})

it('finds the metadata of an MCP server that is called as it is named', async () => {
  const url = 'https://mcp.contoso.com/mcp'
  const findings = await examineBroken({
    check: '',
    says: /^/,
    options: () => ({
      resource: { identifier: url, scopes: [`${url}/access_as_user`] },
      fetch: (input, init) =>
        String(input).startsWith(new URL(url).origin)
          ? Promise.resolve(Response.json({ resource: url }))
          : fetch(input, init),
    }),
    circumstances: () => ({ url }),
  })
  expect(findings.find(({ check }) => check === 'resource_metadata')).toMatchObject({ verdict: 'passed' })
})
