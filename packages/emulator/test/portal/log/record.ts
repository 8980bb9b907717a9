// A record of an on-behalf-of request for tests, with anything changed.
import type { RequestRecord } from '../../../src/index.ts'

let count = 0

export function record(changes: Partial<RequestRecord>): RequestRecord {
  count += 1
  return {
    id: `request-${String(count)}`,
    sequence: count,
    time: '2026-11-28T01:06:04.879Z',
    method: 'POST',
    path: '/contoso.com/oauth2/v2.0/token',
    endpoint: 'token',
    grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    status: 200,
    durationMs: 1,
    ...changes,
  }
}
