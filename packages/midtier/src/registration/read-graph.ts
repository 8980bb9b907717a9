// What Microsoft Graph says of registrations: read, never written.
import { HttpError, sendHttp, type AuthorityFetch, type HttpResponse } from '../kernel/http/http.ts'
import { isJsonObject, parseJsonObject, type JsonObject } from '../kernel/json.ts'

/** How Graph is asked. */
export interface GraphAccess {
  /** With its version and a slash at the end: `https://graph.microsoft.com/v1.0/`. */
  readonly url: string
  /** An access token that may read applications. */
  readonly token: string
  readonly fetch: AuthorityFetch
}

/** Graph does not say what was asked: why, in words that hold no token, and what mends that. */
export class GraphRefusal extends Error {
  override readonly name = 'GraphRefusal'
  readonly remedy: string

  constructor(message: string, remedy: string = unreachable) {
    super(message)
    this.remedy = remedy
  }
}

const unreachable =
  'check --graph-url, and see what is between this machine and Microsoft Graph: a proxy, a firewall, an outage'

/** How to come by a token for Graph. */
export const graphTokenCommand =
  'export MIDTIER_GRAPH_TOKEN=$(az account get-access-token --resource-type ms-graph --query accessToken -o tsv)'

const remedies: Readonly<Record<number, string>> = {
  401: graphTokenCommand,
  403: 'take the token of somebody who may read applications (Application.Read.All), or have that right granted',
}

/** The registration of a client id; `undefined` when the tenant has none. @throws GraphRefusal */
export function readApplication(graph: GraphAccess, clientId: string): Promise<JsonObject | undefined> {
  return readOne(graph, 'applications', clientId)
}

/** The service principal of an API. @throws GraphRefusal */
export function readServicePrincipal(graph: GraphAccess, clientId: string): Promise<JsonObject | undefined> {
  return readOne(graph, 'servicePrincipals', clientId)
}

/** The registration that has this unique name; `undefined` when none has. @throws GraphRefusal */
export async function readByUniqueName(graph: GraphAccess, name: string): Promise<JsonObject | undefined> {
  const answer = await ask(graph, new URL(`applications(uniqueName='${name}')`, graph.url).href, [404])
  return answer === undefined || typeof answer['appId'] !== 'string' ? undefined : answer
}

/** Every agent of a blueprint, by its client id. @throws GraphRefusal */
export function readAgents(graph: GraphAccess, blueprintId: string): Promise<readonly JsonObject[]> {
  const url = new URL('servicePrincipals/microsoft.graph.agentIdentity', graph.url)
  url.searchParams.set('$filter', `agentIdentityBlueprintId eq '${blueprintId}'`)
  return readAll(graph, url.href)
}

/** What agents of a blueprint inherit, by its object id. @throws GraphRefusal */
export function readInherited(graph: GraphAccess, objectId: string): Promise<readonly JsonObject[]> {
  const path = `applications/${encodeURIComponent(objectId)}/microsoft.graph.agentIdentityBlueprint/inheritablePermissions`
  return readAll(graph, new URL(path, graph.url).href)
}

/** Page by page. A blueprint has at most a few hundred agents. */
async function readAll(graph: GraphAccess, first: string): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = []
  let next: unknown = first
  for (let page = 0; typeof next === 'string' && page < mostPages; page += 1) {
    // The token is for the Graph that was named, wherever the next page is said to be.
    if (!next.startsWith(graph.url)) throw new GraphRefusal('the next page of an answer is somewhere else')
    const { value, '@odata.nextLink': link } = (await ask(graph, next)) ?? {}
    if (Array.isArray(value)) found.push(...(value as readonly unknown[]).filter(isJsonObject))
    next = link
  }
  return found
}

const mostPages = 100

async function readOne(graph: GraphAccess, path: string, clientId: string): Promise<JsonObject | undefined> {
  const url = new URL(path, graph.url)
  url.searchParams.set('$filter', `appId eq '${clientId.replaceAll("'", "''")}'`)
  const { value } = (await ask(graph, url.href)) ?? {}
  const found = Array.isArray(value) ? (value as readonly unknown[]).filter(isJsonObject) : []
  // What was not asked for is no answer.
  return found.find(({ appId }) => String(appId).toLowerCase() === clientId.toLowerCase())
}

/** @returns `undefined` for a status that means nothing is there. */
async function ask(
  { token, fetch }: GraphAccess,
  url: string,
  absent: readonly number[] = [],
): Promise<JsonObject | undefined> {
  const { host } = new URL(url)
  let answer: HttpResponse
  try {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    answer = await sendHttp(fetch, { method: 'GET', url, headers, ...limits })
  } catch (error) {
    if (error instanceof HttpError) throw new GraphRefusal(error.message)
    throw error
  }
  const document = parseJsonObject(answer.text)
  if (answer.status === 200 && document !== undefined) return document
  if (absent.includes(answer.status)) return undefined
  const why = answer.status === 401 ? ': the token is not one for it, or has expired' : ''
  throw new GraphRefusal(
    `${host} answered with status ${String(answer.status)}${why}`,
    remedies[answer.status],
  )
}

/** The application with the most permissions is far below. */
const limits = { timeoutMs: 20_000, maxResponseBytes: 8 * 1024 * 1024 } as const
