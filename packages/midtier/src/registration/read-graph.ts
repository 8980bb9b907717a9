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

/** Graph does not say what was asked: why, in words that hold no token. */
export class GraphRefusal extends Error {
  override readonly name = 'GraphRefusal'
}

/** The registration of a client id; `undefined` when the tenant has none. @throws GraphRefusal */
export function readApplication(graph: GraphAccess, clientId: string): Promise<JsonObject | undefined> {
  return readOne(graph, 'applications', clientId)
}

/** The service principal of an API. @throws GraphRefusal */
export function readServicePrincipal(graph: GraphAccess, clientId: string): Promise<JsonObject | undefined> {
  return readOne(graph, 'servicePrincipals', clientId)
}

async function readOne(graph: GraphAccess, path: string, clientId: string): Promise<JsonObject | undefined> {
  const url = new URL(path, graph.url)
  url.searchParams.set('$filter', `appId eq '${clientId.replaceAll("'", "''")}'`)
  const { value } = await ask(graph, url.href)
  const found = Array.isArray(value) ? (value as readonly unknown[]).filter(isJsonObject) : []
  // What was not asked for is no answer.
  return found.find(({ appId }) => String(appId).toLowerCase() === clientId.toLowerCase())
}

async function ask({ token, fetch }: GraphAccess, url: string): Promise<JsonObject> {
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
  const why = answer.status === 401 ? ': the token is not one for it, or has expired' : ''
  throw new GraphRefusal(`${host} answered with status ${String(answer.status)}${why}`)
}

/** The application with the most permissions is far below. */
const limits = { timeoutMs: 20_000, maxResponseBytes: 8 * 1024 * 1024 } as const
