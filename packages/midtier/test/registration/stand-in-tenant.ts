// A tenant behind Azure CLI: takes what a script sends as strictly as Microsoft Graph documents it, and says what it has as Graph does.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { application, blueprint, inheritable, isText, sponsors, type Json } from './graph-shapes.ts'

const graphApi: Json = {
  appId: '00000003-0000-0000-c000-000000000000',
  oauth2PermissionScopes: ['User.Read', 'Mail.Read'].map((value) => ({ id: randomUUID(), value })),
  appRoles: [{ id: randomUUID(), value: 'User.Read.All' }],
}

export interface StandInTenant {
  /** Applications by what a script calls them. */
  readonly applications: Map<string, Json>
  readonly principals: Set<string>
  /** By their ids. */
  readonly agents: Map<string, Json>
  /** Runs a script of bash. */
  run(script: string): Promise<string>
  /** Graph, for reading. */
  readonly fetch: (url: string) => Promise<Response>
  stop(): Promise<void>
}

export async function startStandInTenant(tenantId: string): Promise<StandInTenant> {
  const applications = new Map<string, Json>()
  const principals = new Set<string>()
  const agents = new Map<string, Json>()
  const find = (path: string): Json | undefined => {
    const [, kind, id] = /^\w+\((appId|uniqueName)='([^']*)'\)/.exec(path) ?? []
    const [, objectId] = /^applications\/([^/]+)\//.exec(path) ?? []
    if (kind === 'uniqueName') return applications.get(id ?? '')
    const all = [...applications.values(), graphApi]
    return all.find((each) => (objectId === undefined ? each['appId'] === id : each['id'] === objectId))
  }
  const missing = (path: string): Error => new Error(`there is no ${path}`)

  const answer = (args: readonly string[]): unknown => {
    if (args[0] === 'account') return { tenantId }
    if (args[0] === 'ad') return { id: '00000000-0000-4000-8000-0000000000aa' }
    const option = (name: string): string => args[args.indexOf(name) + 1] ?? ''
    const path = option('--url').replace('https://graph.microsoft.com/v1.0/', '')
    const body = (): Json => JSON.parse(option('--body')) as Json
    if (path.startsWith('servicePrincipals')) return answerPrincipal(option('--method'), path, body)
    if (path.includes('/inheritablePermissions')) return answerInherited(option('--method'), path, body)
    const found = find(path)
    if (option('--method') === 'get') {
      if (found === undefined) throw missing(path)
      return found
    }
    change(path, body(), args.includes('Prefer=create-if-missing'))
    return undefined
  }

  const change = (path: string, body: Json, isUpsert: boolean): void => {
    const isBlueprint = path.endsWith('/microsoft.graph.agentIdentityBlueprint')
    if (!(isBlueprint ? blueprint : application)(body))
      throw new Error(`Graph would refuse the body of ${path}: ${JSON.stringify(body)}`)
    const made: Json = {
      id: randomUUID(),
      appId: randomUUID(),
      ...(isBlueprint && { '@odata.type': '#microsoft.graph.agentIdentityBlueprint', inherited: [] }),
    }
    const there = find(path)
    const found = there ?? (isUpsert ? made : undefined)
    if (found === undefined) throw missing(path)
    if (isBlueprint && there === undefined && body['sponsors@odata.bind'] === undefined)
      throw new Error('No sponsor specified. Please provide at least one sponsor.')
    if ((found['inherited'] !== undefined) !== isBlueprint) throw new Error(`${path} is of the other kind`)
    const api = { ...(found['api'] as Json), ...(body['api'] as Json) }
    checkPreAuthorized(found, api)
    const { id } = Object.assign(found, body, { api }) as { readonly id?: string }
    const [, name = id ?? ''] = /'([^']*)'/.exec(path) ?? []
    if (![...applications.values()].includes(found)) applications.set(name, found)
  }

  const answerPrincipal = (method: string, path: string, body: () => Json): unknown => {
    const [, name] = /'([^']*)'/.exec(path) ?? []
    const [, typed] = /^servicePrincipals\/microsoft\.graph\.(\w+)/.exec(path) ?? []
    if (method === 'post' && typed === 'agentIdentityBlueprintPrincipal')
      return void principals.add(String(body()['appId']))
    if (method === 'post' && typed === 'agentIdentity') return makeAgent(body())
    if (typed === 'agentIdentity') {
      const filter = decodeURIComponent(/\$filter=(.*)$/.exec(path)?.[1] ?? '')
      const [, by, called = ''] =
        /^agentIdentityBlueprintId eq '(.*)' and displayName eq '((?:[^']|'')*)'$/.exec(filter) ?? []
      const isMeant = (agent: Json): boolean =>
        agent['agentIdentityBlueprintId'] === by && agent['displayName'] === called.replaceAll("''", "'")
      return { value: [...agents.values()].filter(isMeant) }
    }
    const [, agentId = ''] = /^servicePrincipals\/([^/]+)\//.exec(path) ?? []
    if (agentId !== '') {
      const agent = agents.get(agentId)
      if (agent === undefined) throw missing(path)
      return void Object.assign(agent, body())
    }
    if (method === 'get' && name === graphApi['appId']) return graphApi
    if (method === 'get' && !principals.has(name ?? '')) throw missing(path)
    if (method === 'get') return { ...find(path), id: name }
    if (find(path)?.['inherited'] !== undefined) throw new Error(`${path} is a blueprint`)
    return void principals.add(name ?? '')
  }

  const makeAgent = (body: Json): Json => {
    const { displayName, agentIdentityBlueprintId, 'sponsors@odata.bind': by, ...others } = body
    if (!principals.has(String(agentIdentityBlueprintId)))
      throw new Error('AgentIdentity_AgentBlueprintPrincipalDoesNotExist')
    if (!isText(displayName) || !sponsors(by) || Object.keys(others).length > 0)
      throw new Error(`Graph would refuse the agent ${JSON.stringify(body)}`)
    const agent = { id: randomUUID(), displayName, agentIdentityBlueprintId, accountEnabled: true }
    agents.set(agent.id, agent)
    return agent
  }

  const answerInherited = (method: string, path: string, body: () => Json): unknown => {
    const inherited = find(path)?.['inherited'] as Json[] | undefined
    if (inherited === undefined) throw missing(path)
    if (method === 'get') return { value: inherited }
    const [, api] = /inheritablePermissions\/(.+)$/.exec(path) ?? []
    const at = inherited.findIndex(({ resourceAppId }) => resourceAppId === (api ?? body()['resourceAppId']))
    if (method === 'delete') return void inherited.splice(at, 1)
    if (!inheritable(body())) throw new Error(`Graph would refuse the body of ${path}`)
    if ((method === 'post') !== (at === -1)) throw new Error(`${path} cannot be ${method}ed`)
    if (at === -1) return void inherited.push(body())
    return void Object.assign(inherited[at] ?? {}, body())
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

  const server = createServer((socket) => {
    let received = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const args = readArguments(received)
      if (args !== undefined) socket.end(answered(args))
    })
  }).listen(0, '127.0.0.1')
  const answered = (args: readonly string[]): string => {
    try {
      const text = query(answer(args), args[args.indexOf('--query') + 1] ?? '')
      return `ok\n${text === '' ? '' : `${text}\n`}`
    } catch (error) {
      return `refused\n${String(error)}\n`
    }
  }
  await once(server, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'midtier-az-'))
  await writeFile(join(folder, 'az'), azure((server.address() as AddressInfo).port))
  await chmod(join(folder, 'az'), 0o755)
  const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` }
  return {
    applications,
    principals,
    agents,
    run: async (script) => (await promisify(execFile)('bash', ['-c', script], { env })).stdout,
    fetch: (address) => {
      const { pathname, searchParams } = new URL(address)
      const path = pathname.replace('/v1.0/', '')
      const id = /'([^']*)'/.exec(searchParams.get('$filter') ?? '')?.[1]
      if (path.endsWith('/inheritablePermissions'))
        return Promise.resolve(Response.json({ value: find(path)?.['inherited'] }))
      if (path.endsWith('/microsoft.graph.agentIdentity'))
        return Promise.resolve(
          Response.json({
            value: [...agents.values()].filter((each) => each['agentIdentityBlueprintId'] === id),
          }),
        )
      if (path.includes('(')) {
        const found = find(decodeURIComponent(path))
        return Promise.resolve(
          found === undefined ? new Response('{}', { status: 404 }) : Response.json(found),
        )
      }
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

/** Hands its arguments on, each after its length in bytes, and ends as it was answered. In bash alone: a script calls it often. */
const azure = (port: number): string => `#!/usr/bin/env bash
LC_ALL=C
exec 3<>/dev/tcp/127.0.0.1/${String(port)}
printf '%s\\n' "$#" >&3
for argument in "$@"; do printf '%s\\n%s' "\${#argument}" "$argument" >&3; done
read -r status <&3
if [ "$status" = ok ]; then cat <&3; else cat <&3 >&2; exit 1; fi
`

/** `undefined` while some are on their way. */
function readArguments(received: Buffer): readonly string[] | undefined {
  const args: string[] = []
  let at = 0
  const readNumber = (): number => {
    const end = received.indexOf('\n', at)
    if (end === -1) return Number.NaN
    const number = Number(received.subarray(at, end).toString())
    at = end + 1
    return number
  }
  const count = readNumber()
  while (args.length < count) {
    const length = readNumber()
    if (Number.isNaN(length) || at + length > received.length) return undefined
    args.push(received.subarray(at, at + length).toString())
    at += length
  }
  return Number.isNaN(count) ? undefined : args
}

/** The few JMESPath expressions that the script has. */
function query(value: unknown, expression: string): string {
  if (value === undefined) return ''
  const given = value as Json
  if (expression.startsWith('value[')) {
    const [, property = ''] = /\.(\w+)$/.exec(expression) ?? []
    const all = (given['value'] as Json[]).map((each) => String(each[property]))
    return expression.startsWith('value[0]') ? (all[0] ?? '') : all.join('\n')
  }
  const [, list, name] = /^(\w+)\[\?value=='([^']*)'\]\.id \| \[0\]$/.exec(expression) ?? []
  if (list === undefined) return (given[expression] as string | undefined) ?? ''
  return (given[list] as { id: string; value: string }[]).find((each) => each.value === name)?.id ?? ''
}
