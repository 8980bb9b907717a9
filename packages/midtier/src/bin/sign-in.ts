// A person signs in by a code that they type elsewhere (RFC 8628), for a token of the API that is examined.
import { createAuthority } from '../authority/authority.ts'
import { parseJsonObject, type JsonObject } from '../kernel/json.ts'
import { systemSleep } from '../kernel/time/sleep.ts'
import type { AnyWebApiOptions } from '../options.ts'
import { UsageError } from './usage-error.ts'

/**
 * Signs a person in.
 *
 * @param clientId A client of the API that allows public client flows.
 * @param scopes Names of scopes of the API; none: `.default`.
 * @throws UsageError with the words of the authority when it refuses.
 */
export async function signIn(
  options: AnyWebApiOptions,
  clientId: string,
  scopes: readonly string[],
  say: (text: string) => void,
): Promise<string> {
  if (options.authority !== undefined) throw new UsageError('--sign-in is for Entra alone; use --user-token')
  const { tenantId, instance } = options
  const authority = createAuthority({ tenantId, ...(instance === undefined ? {} : { instance }) })
  const tokenUrl = authority.tokenEndpoint(tenantId) ?? ''
  const base = options.resource?.identifier ?? `api://${options.clientId}`
  const names = scopes.length === 0 ? ['.default'] : scopes
  const scope = names.map((name) => `${base}/${name}`).join(' ')
  const started = await post(tokenUrl.replace(/token$/, 'devicecode'), { client_id: clientId, scope })
  if (typeof started['device_code'] !== 'string') throw refusal(started)
  say(`${String(started['message'])}\n`)
  return poll(tokenUrl, clientId, started['device_code'], Number(started['interval'] ?? 5))
}

async function poll(url: string, clientId: string, code: string, seconds: number): Promise<string> {
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code'
  for (let interval = seconds; ;) {
    await systemSleep(interval * 1000)
    const answer = await post(url, { client_id: clientId, device_code: code, grant_type: grantType })
    if (typeof answer['access_token'] === 'string') return answer['access_token']
    if (answer['error'] === 'slow_down') interval += 5
    else if (answer['error'] !== 'authorization_pending') throw refusal(answer)
  }
}

async function post(url: string, parameters: Readonly<Record<string, string>>): Promise<JsonObject> {
  try {
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) })
    return parseJsonObject(await answer.text()) ?? {}
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${new URL(url).host} does not answer`)
    throw error
  }
}

/** The first line alone: the others are ids and times. */
function refusal({ error, error_description: description }: JsonObject): UsageError {
  const told = typeof description === 'string' ? description.split(/\r?\n/)[0] : error
  const cure = String(told).includes('AADSTS7000218')
    ? ' The client has to allow public client flows (portal: Authentication; in a file: publicClientFlows)'
    : ''
  return new UsageError(`the sign-in was refused: ${String(told)}${cure}`)
}
