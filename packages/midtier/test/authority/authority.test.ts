// Authorities: endpoints and exact issuers from an instance and a tenant.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entraRules } from '../../src/authority/authority-rules.ts'
import { createAuthority, createOpenIdAuthority } from '../../src/authority/authority.ts'
import { clouds } from '../../src/authority/clouds.ts'
import { issuerOfTenant, tenantOfIssuer } from '../../src/authority/issuer-template.ts'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { tenantId } from '../jwt/token-builder.ts'

describe('an Entra authority', () => {
  it('has the exact issuers of a tenant that is known by its id', () => {
    const { issuers } = createAuthority({ tenantId })
    expect(issuers.map(({ version, issuer }) => [version, issuer])).toEqual([
      ['2.0', `https://login.microsoftonline.com/${tenantId}/v2.0`],
      ['1.0', `https://sts.windows.net/${tenantId}/`],
    ])
    expect(issuers[0].metadataUrl).toBe(
      `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration`,
    )
  })

  it('has endpoints of any tenant', () => {
    const authority = createAuthority({ tenantId: 'organizations' })
    expect(authority.tokenEndpoint(tenantId)).toBe(
      `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    )
    expect(authority.authorizeEndpoint('common')).toBe(
      'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    )
  })

  it.each(['../x', 'a/b', '', 'x', 'tenant?x=', `${tenantId}/`, '{tenantid}', '%2e%2e', 'evil.com#'])(
    'has no endpoint of %j',
    (tenant) => {
      expect(() => createAuthority({ tenantId }).tokenEndpoint(tenant)).toThrow(ConfigurationError)
    },
  )

  it.each(clouds.map((cloud) => [cloud.host, cloud.v1IssuerHost] as const))(
    'exists in the cloud of %s',
    (host, v1) => {
      const { issuers } = createAuthority({ instance: `https://${host}`, tenantId })
      const v1Issuers = v1 === undefined ? [] : [`https://${v1}/${tenantId}/`]
      expect(issuers.map(({ issuer }) => issuer)).toEqual([`https://${host}/${tenantId}/v2.0`, ...v1Issuers])
    },
  )

  it('is the same under an alias of its host', () => {
    expect(createAuthority({ instance: 'https://login.windows.net', tenantId }).issuers[0].issuer).toContain(
      'https://login.microsoftonline.com/',
    )
  })

  it('may be one’s own, on plain http for loopback hosts alone', () => {
    const { issuers } = createAuthority({ instance: 'http://localhost:8484', tenantId })
    expect(issuers.map(({ issuer }) => issuer)).toEqual([
      `http://localhost:8484/${tenantId}/v2.0`,
      `http://localhost:8484/${tenantId}/`,
    ])
    expect(() => createAuthority({ instance: 'http://login.contoso.com', tenantId })).toThrow(/https/)
    expect(() => createAuthority({ instance: 'https://user:pass@login.contoso.com', tenantId })).toThrow(
      ConfigurationError,
    )
  })

  it.each([
    ['no text', 7 as never, /is not an absolute URL/],
    ['a host alone', 'login.contoso.com', /is not an absolute URL/],
    ['plain http', 'http://login.contoso.com', /must be https/],
    ['another protocol', 'ftp://localhost', /must be https/],
    ['a user', 'https://user@login.contoso.com', /no user name, password or fragment/],
    ['a password', 'https://:pass@login.contoso.com', /no user name, password or fragment/],
    ['a fragment', 'https://login.contoso.com/#x', /no user name, password or fragment/],
    ['a query', 'https://login.contoso.com/?x=1', /must have no query/],
    ['a path', 'https://login.contoso.com/tenant', /must have no path/],
  ])('is at no address with %s', (_what, instance, message) => {
    const create = () => createAuthority({ instance, tenantId })
    expect(create).toThrow(ConfigurationError)
    expect(create).toThrow(message)
    expect(create).toThrow(/^instance: /)
  })

  it.each([
    'http://localhost',
    'http://127.0.0.1:8484',
    'http://[::1]:8484',
    new URL('https://login.contoso.com'),
  ])('may be at %s', (instance) => {
    expect(createAuthority({ instance, tenantId }).issuers[0].issuer).toBe(
      `${new URL(instance).origin}/${tenantId}/v2.0`,
    )
  })

  it.each(clouds.flatMap((cloud) => [cloud.host, ...cloud.aliases].map((host) => [host, cloud] as const)))(
    'has its keys on every host of its cloud, and on no other: %s',
    (host, cloud) => {
      const { issuers } = createAuthority({ instance: `https://${host}`, tenantId })
      for (const { keyOrigins } of issuers)
        expect(keyOrigins).toEqual([cloud.host, ...cloud.aliases].map((name) => `https://${name}`))
    },
  )

  it('asks for the custom signing keys of an application', () => {
    const authority = createAuthority({ tenantId, customSigningKeysOf: 'app 1' })
    expect(
      authority.issuers.every(({ metadataUrl }) =>
        metadataUrl.endsWith('openid-configuration?appid=app%201'),
      ),
    ).toBe(true)
  })

  it('issues only the versions that are accepted', () => {
    expect(createAuthority({ tenantId, versions: ['2.0'] }).issuers.map(({ version }) => version)).toEqual([
      '2.0',
    ])
    expect(() =>
      createAuthority({ instance: 'https://login.sovcloud-identity.fr', tenantId, versions: ['1.0'] }),
    ).toThrow(/versions/)
  })
})

describe('an External ID authority', () => {
  it('is known by its host, and names its tenant when none is given', () => {
    const authority = createAuthority({ instance: 'https://contoso.ciamlogin.com/' })
    expect(authority).toMatchObject({
      ...entraRules,
      name: 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com',
    })
    expect(authority.issuers).toMatchObject([{ issuer: 'https://{tenantid}.ciamlogin.com/{tenantid}/v2.0' }])
  })

  it('has no tenant-independent form', () => {
    expect(() => createAuthority({ instance: 'https://contoso.ciamlogin.com', tenantId: 'common' })).toThrow(
      ConfigurationError,
    )
  })
})

describe('a generic OpenID Connect issuer', () => {
  it('is exact, and its metadata say where tokens are requested', () => {
    const authority = createOpenIdAuthority({ issuer: 'https://id.example/' })
    expect(authority.issuers).toMatchObject([
      {
        issuer: 'https://id.example/',
        metadataUrl: 'https://id.example/.well-known/openid-configuration',
        version: undefined,
      },
    ])
    expect(authority.tokenEndpoint(tenantId)).toBeUndefined()
    expect(authority.authorizeEndpoint(tenantId)).toBeUndefined()
  })

  it('may be given its token endpoint', () => {
    const tokenEndpoint = 'https://id.example/token'
    expect(createOpenIdAuthority({ issuer: 'https://id.example/', tokenEndpoint }).tokenEndpoint('')).toBe(
      tokenEndpoint,
    )
  })
})

describe('an issuer template', () => {
  it.each(['$&', '$1', '$$', '$`'])('puts in %j as it is', (tenant) => {
    expect(issuerOfTenant('https://a/{tenantid}/v2.0', tenant)).toBe(`https://a/${tenant}/v2.0`)
  })

  it('gives the tenant of exactly the issuers that it makes', () => {
    const template = 'https://{tenantid}.ciamlogin.com/{tenantid}/v2.0'
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        expect(tenantOfIssuer(template, issuerOfTenant(template, one))).toBe(one)
        if (one !== other)
          expect(tenantOfIssuer(template, `https://${one}.ciamlogin.com/${other}/v2.0`)).toBeUndefined()
      }),
    )
  })

  it('is nobody’s where the tenant is not known', () => {
    expect(issuerOfTenant('https://a/{tenantid}/v2.0', undefined)).toBe('https://a//v2.0')
    expect(issuerOfTenant('https://a/v2.0', undefined)).toBe('https://a/v2.0')
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (template, issuer) => void tenantOfIssuer(template, issuer)),
    )
  })
})
