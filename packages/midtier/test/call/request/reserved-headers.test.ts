// Headers that a handler cannot set on a downstream request, one by one: each would speak in the name of somebody else.
import { describe, expect, it } from 'vitest'
import { readHeaders } from '../../../src/call/request/reserved-headers.ts'

const ofTheConnection =
  'authorization connection content-length cookie cookie2 expect host http2-settings keep-alive proxy te trailer transfer-encoding upgrade via'
const overrides =
  'x-host x-http-host-override x-http-method x-http-method-override x-method-override x-original-host x-original-method x-original-uri x-original-url x-rewrite-url'
const origins =
  'client-ip fastly-client-ip forwarded true-client-ip x-client-ip x-cluster-client-ip x-forwarded x-original-forwarded-for x-originating-ip x-real-ip x-remote-addr x-remote-ip'
const identities =
  'client-cert client-cert-chain remote-user x-arr-clientcert x-arr-ssl x-client-cert x-client-certificate x-client-verify x-remote-user x-webauth-user'
const byTheirBeginning =
  'cf-connecting-ip proxy-authorization ssl-client-cert x-amzn-mtls-clientcert x-amzn-oidc-data x-auth-request-user x-azure-clientip x-client-cert-dn x-envoy-original-path x-forwarded-for x-goog-authenticated-user-email x-goog-iap-jwt-assertion x-middleware-subrequest x-ms-client-principal x-ms-client-principal-id x-ms-token-aad-id-token x-ssl-client-dn'

const refused = [ofTheConnection, overrides, origins, identities, byTheirBeginning].join(' ').split(' ')

const refusalOf = (name: string): unknown => {
  try {
    return [...readHeaders({ [name]: 'x' }).keys()]
  } catch (error) {
    return error
  }
}

describe('a header of a downstream request', () => {
  it.each(refused)('is not for a handler to set: %s', (name) => {
    for (const spelled of [name, name.toUpperCase(), name.replaceAll('-', '_')])
      expect(refusalOf(spelled)).toMatchObject({
        code: 'acquisition_impossible',
        reason: 'header_refused',
        message: `The header '${spelled.toLowerCase()}' is set by midtier or the platform; leave it out`,
      })
  })

  it.each([
    'accept',
    'accept-language',
    'client-request-id',
    'consistencylevel',
    'content-type',
    'idempotency-key',
    'if-match',
    'prefer',
    'range',
    'user-agent',
    'x-api-version',
    'x-authorization',
    'x-correlation-id',
    'x-forward',
    'x-ms-version',
    'x-requested-with',
    'xproxy-a',
  ])('may be set: %s', (name) => {
    expect(refusalOf(name)).toEqual([name])
  })

  it('is read from whatever has headers, and not from what has none that HTTP allows', () => {
    expect([...readHeaders(undefined)]).toEqual([])
    expect([...readHeaders([['Accept', 'a']])]).toEqual([['accept', 'a']])
    expect([...readHeaders(new Headers({ prefer: 'b' }))]).toEqual([['prefer', 'b']])
    for (const wrong of [{ 'a b': 'x' }, { accept: 'secret\nline' }, [['accept']], 7] as unknown[])
      expect(() => readHeaders(wrong as HeadersInit)).toThrow(
        expect.objectContaining({
          reason: 'header_refused',
          message: 'The headers hold a name or a value that HTTP does not allow, or are no headers at all',
        }),
      )
  })
})
