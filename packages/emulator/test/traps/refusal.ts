// What a refusal of Entra looks like, whole: at the token endpoint, at the authorize endpoint, on a page, and of Microsoft Graph.
import { expect } from 'vitest'
import type { BrowserPage } from '../browser.ts'
import type { TokenAnswer } from '../scenario.ts'

/** A refusal as it is written in a table: the OAuth error, the AADSTS number, and the status where it is not 400. */
export interface Refusal {
  readonly error: string
  readonly code: number
  readonly status?: number
}

const guid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/** At the token endpoint: the members that Entra sends, and no token among them. */
export function expectTokenRefusal({ status, headers, body }: TokenAnswer, expected: Refusal): void {
  const { error, code } = expected
  expect(body).toMatchObject({ error, error_codes: [code] })
  expect(status).toBe(expected.status ?? (error === 'invalid_client' ? 401 : 400))
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('x-ms-request-id')).toBe(body['trace_id'])
  expect(body['trace_id']).toMatch(guid)
  expect(body['correlation_id']).toMatch(guid)
  expect(body['timestamp']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
  const { trace_id, correlation_id, timestamp } = body
  const tail = ` Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`
  expect(body['error_description']).toMatch(new RegExp(`^AADSTS${code}: .*${tail}$`))
  const known = ['error', 'error_description', 'error_codes', 'error_uri', 'suberror', 'claims']
  const members = new Set([...known, 'timestamp', 'trace_id', 'correlation_id'])
  expect(Object.keys(body).filter((name) => !members.has(name))).toEqual([])
}

/** At the authorize endpoint: back to the client, with its state and no code. */
export function expectAuthorizeRefusal({ location }: BrowserPage, { error, code }: Refusal): void {
  const parameters = location?.searchParams
  expect(parameters?.get('error')).toBe(error)
  expect(parameters?.get('error_description')).toMatch(new RegExp(`^AADSTS${code}: .* Trace ID: `))
  expect(parameters?.get('state')).toBe('the-state')
  expect(parameters?.has('code')).toBe(false)
}

/** On a page of the authority: nobody is sent back. */
export function expectPageRefusal({ status, location, html }: BrowserPage, code: number): void {
  expect(status).toBe(400)
  expect(location).toBeUndefined()
  expect(html).toContain(`AADSTS${code}`)
}

/** Of Microsoft Graph. */
export async function expectGraphRefusal(
  response: Response,
  { status, code }: { readonly status: number; readonly code: string },
): Promise<void> {
  const { error, ...rest } = (await response.json()) as Record<string, Record<string, unknown>>
  expect(error).toMatchObject({ code, message: expect.stringMatching(/\S/) as string })
  expect(response.status).toBe(status)
  expect(Object.keys(error ?? {}).sort()).toEqual(['code', 'innerError', 'message'])
  const inner = error?.['innerError'] as Record<string, unknown>
  expect(Object.keys(inner).sort()).toEqual(['client-request-id', 'date', 'request-id'])
  expect(inner['request-id']).toBe(response.headers.get('request-id'))
  expect(rest).toEqual({})
}
