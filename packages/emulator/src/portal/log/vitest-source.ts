// A request as a test for vitest: an emulator of its own, with the policies and consents that decided, asked the same and answering the same.
import type { Consent } from '../../directory/model.ts'
import type { Policy } from '../../directory/policy.ts'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { flowOf, resultOf } from './flow.ts'
import { mintRequestOf } from './mint-request.ts'
import { outcomeOf, titleOf } from './words.ts'

/** What the request was decided with. */
export interface Circumstances {
  /** Every policy of the emulator. */
  readonly policies: readonly Policy[]
  readonly consents: readonly Consent[]
}

/** The test; `undefined` for a request that cannot be asked again, such as the redemption of a code. */
export function vitestOf(record: RequestRecord, circumstances: Circumstances): string | undefined {
  const asked = ask(record)
  if (asked === undefined) return undefined
  const policies = circumstances.policies.filter(
    ({ id, enabled }) => enabled && record.policyResults?.some((result) => result.id === id) === true,
  )
  const consents = consentsOf(record, circumstances.consents)
  const title = `${titleOf(record)}: ${resultOf(record)} (${outcomeOf(record)})`
  return [
    "import { createEmulator } from '@midtier/emulator'",
    "import { expect, it } from 'vitest'",
    '',
    `it(${literal(title)}, async () => {`,
    `  const emulator = await createEmulator(${policies.length === 0 ? '' : literal({ policies })})`,
    '  try {',
    ...consents.map((consent) => `    await emulator.directory.consents.grant(${literal(consent)})`),
    ...asked.map((line) => `    ${line}`),
    `    expect(response.status).toBe(${String(record.status)})`,
    ...expectations(record),
    '  } finally {',
    '    await emulator.stop()',
    '  }',
    '})',
    '',
  ].join('\n')
}

function ask(record: RequestRecord): readonly string[] | undefined {
  const { method, path, parameters = {}, endpoint, clientId = '', headers, status } = record
  if (status === undefined) return undefined
  const url = `\${emulator.origin}${inTemplate(path)}`
  const minted = mintRequestOf(record)
  const mint = minted === undefined ? [] : [`const token = await emulator.mint(${literal(minted)})`]
  if (endpoint === 'graph' && method === 'GET') {
    const authorized = minted === undefined ? '' : ', { headers: { authorization: `Bearer ${token}` } }'
    return [...mint, `const response = await fetch(\`${url}${inTemplate(query(parameters))}\`${authorized})`]
  }
  if (endpoint === 'authorize' && method === 'GET')
    return [
      `const response = await fetch(\`${url}${inTemplate(query(parameters))}\`, { redirect: 'manual' })`,
    ]
  if (!['on-behalf-of', 'app-only'].includes(flowOf(record))) return undefined
  const fields = Object.entries(parameters).map(([name, value]) => fieldOf(name, value, clientId))
  if (fields.includes(undefined)) return undefined
  return [
    ...mint,
    `const [secret] = emulator.directory.findApplication(${literal(clientId)})?.secrets ?? []`,
    `const response = await fetch(\`${url}\`, {`,
    "  method: 'POST',",
    ...(headers?.['origin'] === undefined ? [] : [`  headers: { origin: ${literal(headers['origin'])} },`]),
    '  body: new URLSearchParams({',
    ...fields.map((field) => `    ${field ?? ''},`),
    '  }),',
    '})',
  ]
}

function fieldOf(name: string, value: string, clientId: string): string | undefined {
  const isMasked = value.startsWith('•••')
  if (!isMasked) return `${literal(name)}: ${literal(value)}`
  if (name === 'assertion') return 'assertion: token'
  return name === 'client_secret' && clientId !== '' ? "client_secret: secret?.value ?? ''" : undefined
}

function expectations({ endpoint, error, status = 0 }: RequestRecord): readonly string[] {
  if (error === undefined || error.length === 0 || status < 400) return []
  if (endpoint === 'token')
    return [`    expect(await response.json()).toMatchObject({ error_codes: ${literal(error)} })`]
  const [code] = error
  return endpoint === 'graph'
    ? [`    expect(await response.json()).toMatchObject({ error: { code: ${literal(code)} } })`]
    : []
}

function consentsOf(record: RequestRecord, consents: readonly Consent[]): readonly Consent[] {
  const isGiven = record.checks?.some(({ name, verdict }) => name === 'consent' && verdict === 'passed')
  if (isGiven !== true || record.endpoint !== 'token') return []
  return consents.filter(({ clientId }) => clientId === record.clientId)
}

function query(parameters: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(Object.entries(parameters)).toString()
  return text === '' ? '' : `?${text}`
}

// What a request holds is somebody else's choice: nothing of it may become program.
function literal(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)
}

function inTemplate(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${')
}
