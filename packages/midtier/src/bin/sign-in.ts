// A person signs in by a code that they type elsewhere (RFC 8628), for a token of the API that is examined.
import { createAuthority } from '../authority/authority.ts'
import { authorityFetchOf } from '../doctor/subject.ts'
import { HttpError, sendHttp, type AuthorityFetch } from '../kernel/http/http.ts'
import { parseJsonObject, type JsonObject } from '../kernel/json.ts'
import { printable } from '../kernel/printable.ts'
import { type Sleep, systemSleep } from '../kernel/time/sleep.ts'
import type { AnyWebApiOptions } from '../options.ts'
import { UsageError } from './usage-error.ts'

/**
 * Signs a person in.
 *
 * @param clientId A client of the API that allows public client flows.
 * @param scopes Names of scopes of the API; none: `.default`.
 * @throws UsageError with the words of the authority when it refuses, ConfigurationError for options that cannot work.
 */
export async function signIn(
  options: AnyWebApiOptions,
  clientId: string,
  scopes: readonly string[],
  say: (text: string) => void,
  sleep: Sleep = systemSleep,
): Promise<string> {
  if (options.authority !== undefined) throw new UsageError('--sign-in is for Entra alone; use --user-token')
  const { tenantId, instance } = options
  const authority = createAuthority({ tenantId, ...(instance === undefined ? {} : { instance }) })
  const tokenUrl = authority.tokenEndpoint(tenantId) ?? ''
  const post = poster(authorityFetchOf(options))
  const base = options.resource?.identifier ?? `api://${options.clientId}`
  const names = scopes.length === 0 ? ['.default'] : scopes
  const scope = names.map((name) => `${base}/${name}`).join(' ')
  const started = await post(tokenUrl.replace(/token$/, 'devicecode'), { client_id: clientId, scope })
  if (typeof started['device_code'] !== 'string') throw refusal(started)
  say(`${printable(String(started['message']))}\n`)
  const code = { client_id: clientId, device_code: started['device_code'], grant_type: grantType }
  return poll(() => post(tokenUrl, code), within(started['interval'], 5, 60), sleep)
}

/** A number of seconds that an authority says, up to the most that anybody waits; where it is none, the usual one (RFC 8628 §3.2). */
function within(value: unknown, usual: number, most: number): number {
  return typeof value === 'number' && value >= 1 ? Math.min(value, most) : usual
}

/** Codes of Entra live for a quarter of an hour. */
const longestWaitSeconds = 900

const grantType = 'urn:ietf:params:oauth:grant-type:device_code'

async function poll(ask: () => Promise<JsonObject>, seconds: number, sleep: Sleep): Promise<string> {
  let waited = 0
  for (let interval = seconds; waited < longestWaitSeconds; waited += interval) {
    await sleep(interval * 1000)
    const answer = await ask()
    if (typeof answer['access_token'] === 'string') return answer['access_token']
    if (answer['error'] === 'slow_down') interval += 5
    else if (answer['error'] !== 'authorization_pending') throw refusal(answer)
  }
  throw new UsageError('nobody has signed in: begin again with --sign-in')
}

type Post = (url: string, parameters: Readonly<Record<string, string>>) => Promise<JsonObject>

/** Sends forms the way that the API would. */
function poster(fetch: AuthorityFetch): Post {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  return async (url, parameters) => {
    try {
      const body = new URLSearchParams(parameters).toString()
      const { text } = await sendHttp(fetch, { method: 'POST', url, headers, body, ...limits })
      return parseJsonObject(text) ?? {}
    } catch (error) {
      if (error instanceof HttpError) throw new UsageError(`${new URL(url).host}: ${error.message}`)
      throw error
    }
  }
}

const limits = { timeoutMs: 20_000, maxResponseBytes: 262_144 } as const

/** The first line alone: the others are ids and times. */
function refusal({ error, error_description: description }: JsonObject): UsageError {
  const told = typeof description === 'string' ? description.split(/\r?\n/)[0] : error
  const cure = String(told).includes('AADSTS7000218')
    ? ' The client has to allow public client flows (portal: Authentication; in a file: publicClientFlows)'
    : ''
  return new UsageError(`the sign-in was refused: ${String(told)}${cure}`)
}
