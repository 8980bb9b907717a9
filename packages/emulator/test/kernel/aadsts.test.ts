// What each AADSTS code looks like on the wire: clients decide by OAuth error, suberror and status, never by the message.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AadstsError } from '../../src/kernel/aadsts-error.ts'
import { aadsts } from '../../src/kernel/aadsts.ts'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { postToken } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
afterEach(() => emulator.faults.clear())

type Shape = readonly [status: number, error: string, suberror: string | undefined, codes: readonly number[]]

// prettier-ignore
const shapes: readonly Shape[] = [
  [400, 'invalid_grant', undefined, [
    50013, 500131, 500133, 50020, 50034, 50057, 50126, 50105, 501051, 50196,
    54005, 70008, 500112, 501481, 700005, 700007,
  ]],
  [400, 'invalid_grant', 'basic_action', [50072, 50074, 50076, 50078, 50079, 50158]],
  [400, 'invalid_grant', 'additional_action', [50097]],
  [400, 'invalid_grant', 'message_only', [50131, 53000, 53001, 53002, 53003, 53004]],
  [400, 'invalid_grant', 'consent_required', [65001, 90008]],
  [400, 'invalid_grant', 'bad_token', [50132, 50173, 70000, 700082, 700084]],
  [400, 'invalid_grant', 'token_expired', [70043]],
  [400, 'invalid_grant', 'user_password_expired', [50055]],
  [400, 'interaction_required', undefined, [16000, 70044]],
  [400, 'login_required', undefined, [50058]],
  [400, 'access_denied', undefined, [90094, 500121]],
  [400, 'access_denied', 'consent_required', [65004]],
  [400, 'invalid_request', undefined, [
    28000, 28003, 50011, 70007, 50027, 50050, 82014, 240002, 501491, 700009, 90002, 90009, 90019, 90130, 900023, 900144, 900971,
    901002, 9000411, 9001023, 9002313, 9002325, 9002326, 9002327,
  ]],
  [405, 'invalid_request', undefined, [900561]],
  [400, 'invalid_scope', undefined, [28002, 70011, 1002012]],
  [400, 'invalid_resource', undefined, [500011, 500014, 650057]],
  [400, 'invalid_target', undefined, [9010010]],
  [400, 'invalid_instance', undefined, [50049]],
  [400, 'invalid_client', undefined, [650053, 650056]],
  [401, 'invalid_client', undefined, [
    70021, 700021, 700023, 700024, 700025, 700027, 700211, 700212, 700213, 700229,
    7000151, 7000215, 7000216, 7000218, 7000222,
  ]],
  [400, 'unauthorized_client', undefined, [50194, 70001, 700016, 700038, 7000112, 7000114]],
  [400, 'authorization_pending', undefined, [70016]],
  [400, 'bad_verification_code', undefined, [70018]],
  [400, 'expired_token', undefined, [70020]],
  [400, 'unsupported_response_type', undefined, [70005, 700051, 700054]],
  [400, 'unsupported_grant_type', undefined, [70003]],
  [429, 'temporarily_unavailable', undefined, [90055]],
  [503, 'temporarily_unavailable', undefined, [90006, 90033]],
]

const withErrorUri = [
  50049, 50076, 50079, 50158, 50173, 53003, 65004, 70016, 90002, 500011, 501051, 700016, 7000215, 7000222,
  9002313, 9002326, 9002327,
]

describe('an AADSTS code on the wire', () => {
  it.each(shapes)('has status %i, %s and suberror %s: %j', async (status, error, suberror, codes) => {
    for (const code of codes) {
      const fault = emulator.faults.add({ when: { endpoint: 'token' }, then: { aadsts: code } })
      const answer = await postToken(emulator, { grant_type: 'any' })
      fault.remove()
      expect(answer.status).toBe(status)
      expect(answer.body).toMatchObject({ error, error_codes: [code] })
      expect(answer.body['error_description']).toMatch(new RegExp(`^AADSTS${String(code)}: `))
      expect(answer.body['suberror']).toBe(suberror)
      const uri = `${emulator.origin}/error?code=${String(code)}`
      expect(answer.body['error_uri']).toBe(withErrorUri.includes(code) ? uri : undefined)
    }
  })

  it('is told here for every row of the table', () => {
    expect(shapes.flatMap(([, , , codes]) => codes).sort()).toEqual([...aadsts.keys()].sort())
  })

  it('is known by recorded traffic, reports, documentation or assumption', () => {
    const confidences = new Set([...aadsts.values()].map(({ confidence }) => confidence))
    expect([...confidences].sort()).toEqual(['assumed', 'documented', 'recorded', 'reported'])
  })

  it('is an error of its own name', () => {
    expect(String(new AadstsError(50057))).toBe('AadstsError: AADSTS50057: The user account is disabled.')
  })

  it('has to be in the table', () => {
    expect(() => new AadstsError(1)).toThrow(new RangeError('AADSTS1 is not in the table'))
  })
})

describe('the body of an error', () => {
  it('names the request three times, and the time as Entra writes it', async () => {
    const id = '11111111-2222-4333-8444-555555555555'
    const { body, headers } = await postToken(
      emulator,
      { grant_type: 'any' },
      { headers: { 'client-request-id': id } },
    )
    const { trace_id: traceId, timestamp } = body as Record<string, string>
    expect(body['correlation_id']).toBe(id)
    expect(traceId).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('x-ms-request-id')).toBe(traceId)
    expect(headers.get('x-ms-clitelem')).toBe('1,70003,0,,')
    expect(headers.get('cache-control')).toBe('no-store, no-cache')
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    expect(body['error_description']).toBe(
      `AADSTS70003: The app requested an unsupported grant type 'any'. Trace ID: ${traceId} Correlation ID: ${id} Timestamp: ${timestamp}`,
    )
  })

  it('leaves out what nobody knows', async () => {
    emulator.faults.add({ when: { endpoint: 'token' }, then: { aadsts: 50013 } })
    const { body } = await postToken(emulator, { grant_type: 'any' })
    expect(body['error_description']).toContain('[Reason - ] Trace ID')
    for (const name of ['suberror', 'claims', 'error_uri']) expect(body).not.toHaveProperty(name)
  })
})
