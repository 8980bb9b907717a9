// Metadata documents of every kind of authority, genuine and poisoned.
import { describe, expect, it } from 'vitest'
import { createAuthority, type Authority } from '../../src/authority/authority.ts'
import { parseMetadata, requestDocument } from '../../src/authority/metadata.ts'
import { AuthorityUnavailableError } from '../../src/kernel/errors/errors.ts'
import { otherTenantId, tenantId } from '../jwt/token-builder.ts'

const limits = { timeoutMs: 1_000, maxResponseBytes: 1_000 }

function parse(
  authority: Authority,
  document: Record<string, unknown>,
  version = '2.0',
): ReturnType<typeof parseMetadata> {
  const trusted = authority.issuers.find((issuer) => issuer.version === version)
  return parseMetadata(document, trusted!)
}

const host = 'https://login.microsoftonline.com'

describe('a metadata document', () => {
  it.each([
    [
      'a tenant',
      createAuthority({ tenantId }),
      '2.0',
      `${host}/${tenantId}/v2.0`,
      `${host}/${tenantId}/discovery/v2.0/keys`,
    ],
    [
      'a tenant, v1.0',
      createAuthority({ tenantId }),
      '1.0',
      `https://sts.windows.net/${tenantId}/`,
      `${host}/common/discovery/keys`,
    ],
    [
      'a domain',
      createAuthority({ tenantId: 'contoso.com' }),
      '2.0',
      `${host}/${tenantId}/v2.0`,
      `${host}/${tenantId}/discovery/v2.0/keys`,
    ],
    [
      'common',
      createAuthority({ tenantId: 'common' }),
      '2.0',
      `${host}/{tenantid}/v2.0`,
      `${host}/common/discovery/v2.0/keys`,
    ],
    [
      'common, v1.0',
      createAuthority({ tenantId: 'common' }),
      '1.0',
      'https://sts.windows.net/{tenantid}/',
      `${host}/common/discovery/keys`,
    ],
    [
      'consumers',
      createAuthority({ tenantId: 'consumers' }),
      '2.0',
      `${host}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`,
      `${host}/consumers/discovery/v2.0/keys`,
    ],
    [
      'US Government',
      createAuthority({ instance: 'https://login.microsoftonline.us', tenantId }),
      '2.0',
      `https://login.microsoftonline.us/${tenantId}/v2.0`,
      `https://login.microsoftonline.us/${tenantId}/discovery/v2.0/keys`,
    ],
    [
      'China',
      createAuthority({ instance: 'https://login.chinacloudapi.cn', tenantId }),
      '1.0',
      `https://sts.chinacloudapi.cn/${tenantId}/`,
      'https://login.chinacloudapi.cn/common/discovery/keys',
    ],
    [
      'External ID',
      createAuthority({ instance: 'https://contoso.ciamlogin.com' }),
      '2.0',
      `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`,
      `https://${tenantId}.ciamlogin.com/${tenantId}/discovery/v2.0/keys`,
    ],
  ])('of %s is believed', (_what, authority, version, issuer, keysUrl) => {
    expect(parse(authority, { issuer, jwks_uri: keysUrl }, version)).toMatchObject({ issuer, keysUrl })
  })

  it.each([
    ['another tenant', createAuthority({ tenantId }), { issuer: `${host}/${otherTenantId}/v2.0` }],
    ['a template for one tenant', createAuthority({ tenantId }), { issuer: `${host}/{tenantid}/v2.0` }],
    [
      'a template for one domain',
      createAuthority({ tenantId: 'contoso.com' }),
      { issuer: `${host}/{tenantid}/v2.0` },
    ],
    ['another host', createAuthority({ tenantId }), { issuer: `https://evil.example/${tenantId}/v2.0` }],
    ['no issuer', createAuthority({ tenantId }), { issuer: undefined }],
    ['keys elsewhere', createAuthority({ tenantId }), { jwks_uri: 'https://evil.example/keys' }],
    [
      'keys on a host that begins alike',
      createAuthority({ tenantId }),
      { jwks_uri: `${host}.evil.example/keys` },
    ],
    [
      'keys without TLS',
      createAuthority({ tenantId }),
      { jwks_uri: 'http://login.microsoftonline.com/keys' },
    ],
    [
      'keys with a user name',
      createAuthority({ tenantId }),
      { jwks_uri: 'https://x@login.microsoftonline.com/keys' },
    ],
    ['no keys', createAuthority({ tenantId }), { jwks_uri: undefined }],
  ])('that names %s is refused', (_what, authority, members) => {
    const genuine = {
      issuer: `${host}/${tenantId}/v2.0`,
      jwks_uri: `${host}/${tenantId}/discovery/v2.0/keys`,
    }
    expect(parse(authority, { ...genuine, ...members })).toHaveProperty('fault')
  })

  it.each([
    ['a status', () => new Response('{}', { status: 500 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
    ['HTML', () => new Response('<html>')],
    ['a list', () => new Response('[]')],
    ['too much', () => new Response(`{"a":"${'x'.repeat(1_000)}"}`)],
  ])('that comes as %s is an outage', async (_what, answer) => {
    const asked = requestDocument(() => Promise.resolve(answer()), `${host}/x`, limits, 0)
    await expect(asked).rejects.toThrow(AuthorityUnavailableError)
  })

  it('that is throttled says how long to wait', async () => {
    const answer = new Response('', { status: 429, headers: { 'retry-after': '17' } })
    const asked = requestDocument(() => Promise.resolve(answer), `${host}/x`, limits, 0)
    await expect(asked).rejects.toMatchObject({ retryAfterSeconds: 17 })
  })

  it('that is throttled until a date is left alone by the clock of the authority, whatever ours shows', async () => {
    const date = Date.parse('2026-01-01T00:00:00Z')
    const headers = {
      date: new Date(date).toUTCString(),
      'retry-after': new Date(date + 17_000).toUTCString(),
    }
    for (const nowMs of [0, date, 2 * date]) {
      const answer = new Response('', { status: 503, headers })
      const asked = requestDocument(() => Promise.resolve(answer), `${host}/x`, limits, nowMs)
      await expect(asked).rejects.toMatchObject({ retryAfterSeconds: 17 })
    }
  })
})

describe('what a document says besides', () => {
  const good = { issuer: `${host}/${tenantId}/v2.0`, jwks_uri: `${host}/${tenantId}/discovery/v2.0/keys` }
  const parsed = (more: Record<string, unknown>) => parse(createAuthority({ tenantId }), { ...good, ...more })

  it.each([
    ['microsoftonline.com', 'microsoftonline.com'],
    [7, undefined],
    [undefined, undefined],
  ])('of its cloud is a name, or nothing: %j', (cloudInstanceName, name) => {
    expect(parsed({ cloud_instance_name: cloudInstanceName })).toMatchObject({
      cloudInstanceName: name,
      tenantId,
    })
  })

  it.each([
    [undefined, 'the metadata names no keys'],
    ['keys', "the metadata names keys on another origin: 'keys' instead of"],
    [
      'https://evil.example/keys',
      "the metadata names keys on another origin: 'https://evil.example' instead of",
    ],
    [`https://user@login.microsoftonline.com/keys`, 'the metadata names keys on another origin'],
    [`https://:secret@login.microsoftonline.com/keys`, 'the metadata names keys on another origin'],
  ])('of its keys is refused: %j', (keysUrl, fault) => {
    expect(parsed({ jwks_uri: keysUrl })).toMatchObject({ fault: expect.stringContaining(fault) as unknown })
  })
})
