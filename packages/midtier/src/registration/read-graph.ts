// What Microsoft Graph says of registrations: read, never written.
import { isJsonObject, parseJsonObject, type JsonObject } from '../kernel/json.ts'

/** How Graph is asked. */
export interface GraphAccess {
  /** With its version and a slash at the end: `https://graph.microsoft.com/v1.0/`. */
  readonly url: string
  /** An access token that may read applications. */
  readonly token: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/** Graph does not say what was asked: why, in words that hold no token. */
export class GraphRefusal extends Error {
  override readonly name = 'GraphRefusal'
}

/** The registration of a client id; `undefined` when the tenant has none. @throws GraphRefusal */
export function readApplication(graph: GraphAccess, clientId: string): Promise<JsonObject | undefined> {
  return readFirst(graph, 'applications', `appId eq '${clientId}'`)
}

/** The service principal of an API. @throws GraphRefusal */
export function readServicePrincipal(graph: GraphAccess, clientId: string): Promise<JsonObject | undefined> {
  return readFirst(graph, 'servicePrincipals', `appId eq '${clientId}'`)
}

async function readFirst(graph: GraphAccess, path: string, filter: string): Promise<JsonObject | undefined> {
  const url = new URL(path, graph.url)
  url.searchParams.set('$filter', filter)
  const { value } = await ask(graph, url.href)
  const [first] = Array.isArray(value) ? (value as readonly unknown[]) : []
  return isJsonObject(first) ? first : undefined
}

async function ask({ token, fetch }: GraphAccess, url: string): Promise<JsonObject> {
  const { host } = new URL(url)
  let answer: Response
  try {
    answer = await fetch(url, { headers: { authorization: `Bearer ${token}`, accept: 'application/json' } })
  } catch (error) {
    if (error instanceof TypeError) throw new GraphRefusal(`${host} does not answer`)
    throw error
  }
  const document = parseJsonObject(await answer.text())
  if (answer.ok && document !== undefined) return document
  const why = answer.status === 401 ? ': the token is not one for it, or has expired' : ''
  throw new GraphRefusal(`${host} answered with status ${String(answer.status)}${why}`)
}
