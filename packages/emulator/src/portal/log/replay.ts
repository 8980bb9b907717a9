// Asks a request again: the secret comes from the registration, and the assertion is minted anew, since the log keeps neither.
import type { Emulation } from '../../endpoints/emulation.ts'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { mint } from '../../tokens/mint.ts'
import { flowOf } from './flow.ts'
import { mintRequestOf } from './mint-request.ts'

/** Why a request cannot be asked again; `undefined` when it can. */
export function whyNotReplayable(record: RequestRecord): string | undefined {
  const flow = flowOf(record)
  const { parameters = {}, method } = record
  if (flow === 'code') return 'A code is good once: sign in again.'
  if (flow === 'refresh') return 'The log does not keep refresh tokens.'
  if (record.endpoint === 'interaction') return 'The form belongs to the browser that showed it.'
  const cut = Object.keys(parameters).find((name) => parameters[name]?.endsWith('…') === true)
  if (cut !== undefined) return `The log keeps only the beginning of ${cut}.`
  if (record.endpoint === 'authorize') return method === 'GET' ? undefined : 'It was posted by a page.'
  if (record.endpoint === 'graph')
    return method === 'GET' && mintRequestOf(record) !== undefined ? undefined : 'It had no token, or a body.'
  if (!['on-behalf-of', 'app-only'].includes(flow)) return 'Nothing of this kind can be asked again.'
  const needed = Object.entries(parameters).filter(([, value]) => value.startsWith('•••'))
  const unknown = needed.find(([name]) => !['client_secret', 'assertion'].includes(name))
  if (unknown !== undefined) return `The log does not keep ${unknown[0]}.`
  const lacksToken = flow === 'on-behalf-of' && mintRequestOf(record) === undefined
  return lacksToken ? 'What was presented cannot be minted.' : undefined
}

/**
 * Sends a request once more, and gives the id of its record.
 * @throws {EmulatorOptionsError} when the directory no longer has what its token says
 */
export async function replay(emulation: Emulation, record: RequestRecord): Promise<string | undefined> {
  const { path, method, parameters = {}, correlationId } = record
  const minted = mintRequestOf(record)
  const token = minted && (await mint(emulation, minted))
  const url = new URL(path, emulation.origins.http.replace('//localhost', '//127.0.0.1'))
  const headers = new Headers()
  const { origin } = record.headers ?? {}
  if (origin !== undefined) headers.set('origin', origin)
  if (record.endpoint === 'graph' && token !== undefined) headers.set('authorization', `Bearer ${token}`)
  const kept = new Map([
    ['assertion', token],
    ['client_secret', emulation.directory.findApplication(record.clientId)?.secrets?.[0]?.value],
  ])
  const body = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => unmask(name, value, kept)),
  )
  // As a parameter it can be any text, as a header it cannot.
  if (correlationId !== undefined && /^[\x20-\x7e]*$/.test(correlationId))
    headers.set('client-request-id', correlationId)
  else if (correlationId !== undefined) body.set('client-request-id', correlationId)
  if (method === 'GET') url.search = body.toString()
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(method === 'POST' && { body }),
  })
  await response.body?.cancel()
  return response.headers.get('x-ms-request-id') ?? response.headers.get('request-id') ?? undefined
}

// Any caller can write the mask itself, into a parameter that the log shows: only what is a proof by its name becomes one again.
function unmask(
  name: string,
  value: string,
  kept: ReadonlyMap<string, string | undefined>,
): [name: string, value: string][] {
  if (!value.startsWith('•••')) return [[name, value]]
  return kept.has(name) ? [[name, kept.get(name) ?? '']] : []
}
