// Outages that no waiting ends: by which code, status or words each is known, and what is told of it.
import { describe, expect, it } from 'vitest'
import { AuthorityUnavailableError } from '../../../src/kernel/errors/errors.ts'
import { causeOf, causeOfSilence, describeRefusal } from '../../../src/kernel/errors/lasting-outage.ts'
import { HttpError } from '../../../src/kernel/http/http.ts'

describe('silence', () => {
  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_untrusted', 'start Node.js with NODE_EXTRA_CA_CERTS'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_untrusted', 'start Node.js with NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_untrusted', 'start Node.js with NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'tls_untrusted', 'start Node.js with NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls_untrusted', 'start Node.js with NODE_EXTRA_CA_CERTS'],
    ['CERT_UNTRUSTED', 'tls_untrusted', 'start Node.js with NODE_EXTRA_CA_CERTS'],
    ['CERT_HAS_EXPIRED', 'tls_untrusted', 'set the clock'],
    ['CERT_NOT_YET_VALID', 'tls_untrusted', 'set the clock'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_untrusted', 'the certificate is for another name'],
    ['HOSTNAME_MISMATCH', 'tls_untrusted', 'the certificate is for another name'],
    ['ENOTFOUND', 'host_not_found', 'check the host'],
    ['ECONNREFUSED', undefined, undefined],
    ['undefined', undefined, undefined],
    [undefined, undefined, undefined],
  ])('by %s is %s', (code, reason, remedy) => {
    const cause = causeOfSilence(new HttpError('network', 'x', { code }))
    expect(cause?.reason).toBe(reason)
    expect(cause?.remedy?.slice(0, remedy?.length)).toBe(remedy)
  })
})

describe('a refusal to hand out a document', () => {
  it.each([
    [404, '', 'status 404', 'address_not_found'],
    [400, '', 'status 400', undefined],
    [400, '{"error":"invalid_tenant"}', 'status 400 (invalid_tenant)', 'tenant_not_found'],
    [400, '{"error":"x","error_codes":[90002]}', 'status 400 (x, AADSTS90002)', 'tenant_not_found'],
    [404, '{"error_codes":[90013]}', 'status 404 (AADSTS90013)', 'tenant_not_found'],
    [404, '{"error_codes":[900023]}', 'status 404 (AADSTS900023)', 'tenant_not_found'],
    [404, '{"error_codes":[1,2,3,90002]}', 'status 404 (AADSTS1, AADSTS2, AADSTS3)', 'address_not_found'],
    [400, '{"error_codes":[0,-1,1.5,"7",100000000,99999999]}', 'status 400 (AADSTS99999999)', undefined],
    [400, '{"error":"Invalid","error_codes":7}', 'status 400', undefined],
    [400, '{"error":7}', 'status 400', undefined],
    [400, `{"error":"a${'b'.repeat(63)}"}`, `status 400 (a${'b'.repeat(63)})`, undefined],
    [400, `{"error":"a${'b'.repeat(64)}"}`, 'status 400', undefined],
    [499, '{"error":"invalid_tenant"}', 'status 499 (invalid_tenant)', 'tenant_not_found'],
    [500, '{"error":"invalid_tenant"}', 'status 500', undefined],
  ])('with %i %s is told as %s', (status, text, what, reason) => {
    const told = describeRefusal(status, text)
    expect(told.what).toBe(what)
    expect(told.cause.reason).toBe(reason)
    expect(told.cause.remedy !== undefined).toBe(reason !== undefined)
  })
})

describe('an outage', () => {
  it('is one that may pass, and nobody asks too often, unless that is known', () => {
    const { retryAfterSeconds, retryAfterTold, throttled, reason, remedy } = new AuthorityUnavailableError(
      'x',
      5,
    )
    expect([retryAfterSeconds, retryAfterTold, throttled, reason, remedy]).toEqual([
      5,
      false,
      false,
      'unavailable',
      undefined,
    ])
  })

  it('is told once more with its reason and remedy', () => {
    const known = {
      retryAfterTold: true,
      throttled: true,
      reason: 'tls_untrusted',
      remedy: 'mend it',
    } as const
    const failure = new AuthorityUnavailableError('x', 5, known)
    expect(failure).toMatchObject(known)
    expect(causeOf(failure)).toEqual({ reason: 'tls_untrusted', remedy: 'mend it' })
    expect(causeOf(undefined)).toEqual({})
  })
})
