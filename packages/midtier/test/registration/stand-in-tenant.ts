// A tenant behind Azure CLI: takes what a script sends as strictly as Microsoft Graph documents it, and says what it has as Graph does.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

type Json = Record<string, unknown>

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isGuid = (value: unknown): boolean => typeof value === 'string' && guid.test(value)
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const listOf =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(check)
type Shape = Readonly<Record<string, (value: unknown) => boolean>>

/** No member that Graph does not have: it answers 400 to those. */
const shaped =
  (shape: Shape) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, member]) => shape[name]?.(member) === true)

const platform = shaped({ redirectUris: listOf((value) => URL.canParse(String(value))) })
const claims = listOf(shaped({ name: isText, essential: isFlag }))
const permission = {
  id: isGuid,
  value: isText,
  isEnabled: isFlag,
  description: isText,
  displayName: isText,
  type: (value: unknown) => value === 'User' || value === 'Admin',
  adminConsentDisplayName: isText,
  adminConsentDescription: isText,
  userConsentDisplayName: isText,
  userConsentDescription: isText,
  allowedMemberTypes: listOf(isText),
}

/** @see https://learn.microsoft.com/graph/api/resources/application */
const application = shaped({
  displayName: isText,
  signInAudience: (value) => value === 'AzureADMyOrg' || value === 'AzureADMultipleOrgs',
  isFallbackPublicClient: isFlag,
  identifierUris: listOf((value) => URL.canParse(String(value))),
  api: shaped({
    requestedAccessTokenVersion: (value) => value === 1 || value === 2,
    oauth2PermissionScopes: listOf(shaped(permission)),
    knownClientApplications: listOf(isGuid),
    preAuthorizedApplications: listOf(shaped({ appId: isGuid, delegatedPermissionIds: listOf(isGuid) })),
  }),
  appRoles: listOf(shaped(permission)),
  optionalClaims: shaped({ accessToken: claims, idToken: claims }),
  spa: platform,
  web: platform,
  publicClient: platform,
  requiredResourceAccess: listOf(
    shaped({ resourceAppId: isGuid, resourceAccess: listOf(shaped({ id: isGuid, type: isText })) }),
  ),
})

const graphApi: Json = {
  appId: '00000003-0000-0000-c000-000000000000',
  oauth2PermissionScopes: ['User.Read', 'Mail.Read'].map((value) => ({ id: randomUUID(), value })),
  appRoles: [{ id: randomUUID(), value: 'User.Read.All' }],
}

export interface StandInTenant {
  /** Applications by what a script calls them. */
  readonly applications: Map<string, Json>
  readonly principals: Set<string>
  /** Runs a script of bash. */
  run(script: string): Promise<string>
  /** Graph, for reading. */
  readonly fetch: (url: string) => Promise<Response>
  stop(): Promise<void>
}

export async function startStandInTenant(tenantId: string): Promise<StandInTenant> {
  const applications = new Map<string, Json>()
  const principals = new Set<string>()
  const find = (path: string): Json | undefined => {
    const [, kind, id] = /^\w+\((appId|uniqueName)='([^']*)'\)/.exec(path) ?? []
    return kind === 'uniqueName'
      ? applications.get(id ?? '')
      : [...applications.values(), graphApi].find(({ appId }) => appId === id)
  }

  const answer = (args: readonly string[]): unknown => {
    if (args[0] === 'account') return { tenantId }
    const option = (name: string): string => args[args.indexOf(name) + 1] ?? ''
    const path = option('--url').replace('https://graph.microsoft.com/v1.0/', '')
    if (option('--method') === 'get') return find(path)
    const body = JSON.parse(option('--body')) as Json
    const isUpsert = args.includes('Prefer=create-if-missing')
    if (path.startsWith('servicePrincipals(')) return void principals.add(/'([^']*)'/.exec(path)?.[1] ?? '')
    if (!application(body)) throw new Error(`Graph would refuse the body of ${path}: ${JSON.stringify(body)}`)
    const found = find(path) ?? (isUpsert ? { appId: randomUUID() } : undefined)
    if (found === undefined) throw new Error(`there is no ${path}`)
    const api = { ...(found['api'] as Json), ...(body['api'] as Json) }
    checkPreAuthorized(found, api)
    applications.set(/'([^']*)'/.exec(path)?.[1] ?? '', Object.assign(found, body, { api }))
    return undefined
  }

  /** Only scopes that were there before. */
  const checkPreAuthorized = (found: Json, api: Json): void => {
    const before =
      (found['api'] as { oauth2PermissionScopes?: { id: string }[] } | undefined)?.oauth2PermissionScopes ??
      []
    const clients = (api['preAuthorizedApplications'] ?? []) as { delegatedPermissionIds: string[] }[]
    for (const id of clients.flatMap(({ delegatedPermissionIds }) => delegatedPermissionIds))
      if (!before.some((scope) => scope.id === id)) throw new Error(`no scope ${id} to pre-authorize for`)
  }

  const server = createServer((request, response) => {
    void (async () => {
      const args = JSON.parse((await request.toArray()).join('')) as string[]
      try {
        response.end(query(answer(args), args[args.indexOf('--query') + 1] ?? ''))
      } catch (error) {
        response.writeHead(400).end(String(error))
      }
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'midtier-az-'))
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`
  await writeFile(join(folder, 'az.mjs'), `${proxy}\n`)
  await writeFile(
    join(folder, 'az'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'az.mjs')}" "$@"\n`,
  )
  await chmod(join(folder, 'az'), 0o755)
  const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`, STAND_IN_URL: url }
  return {
    applications,
    principals,
    run: async (script) => (await promisify(execFile)('bash', ['-c', script], { env })).stdout,
    fetch: (address) => {
      const id = /'([^']*)'/.exec(new URL(address).searchParams.get('$filter') ?? '')?.[1]
      const found = [...applications.values(), graphApi].find(({ appId }) => appId === id)
      const value = found === undefined ? [] : [{ ...found, ...(found['api'] as Json), ...found }]
      return Promise.resolve(Response.json({ value }))
    },
    async stop() {
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Hands its arguments on, and ends as it was answered. */
const proxy = `
const answer = await fetch(process.env.STAND_IN_URL, { method: 'POST', body: JSON.stringify(process.argv.slice(2)) })
const text = await answer.text()
if (answer.ok) process.stdout.write(text === '' ? '' : text + '\\n')
else process.stderr.write(text + '\\n')
process.exitCode = answer.ok ? 0 : 1`

/** The few JMESPath expressions that the script has. */
function query(value: unknown, expression: string): string {
  if (value === undefined) return ''
  const [, list, name] = /^(\w+)\[\?value=='([^']*)'\]\.id \| \[0\]$/.exec(expression) ?? []
  if (list === undefined) return String((value as Json)[expression])
  return (
    ((value as Json)[list] as { id: string; value: string }[]).find((each) => each.value === name)?.id ?? ''
  )
}
