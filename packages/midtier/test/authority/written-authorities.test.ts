// What becomes of instance, tenant and issuer: which tokens are believed, and where keys and tokens are asked for. Written down to be read.
import { it } from 'vitest'
import { entraRules, openIdRules, type AuthorityRules } from '../../src/authority/authority-rules.ts'
import {
  createAuthority,
  createOpenIdAuthority,
  type Authority,
  type AuthorityOptions,
  type OpenIdAuthorityOptions,
} from '../../src/authority/authority.ts'
import { clouds, findCloud, isEntraHost } from '../../src/authority/clouds.ts'
import { isGuid, parseTenantSegment } from '../../src/authority/tenant.ts'
import { isMidtierError } from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'
import { expectWritten, membersOf } from '../written.ts'

const contoso = { tenantId: 'contoso.com' }

const ofEntra: readonly AuthorityOptions[] = [
  { tenantId },
  { tenantId: clientId.toUpperCase() },
  contoso,
  { tenantId: 'common' },
  { tenantId: 'Organizations' },
  { tenantId: 'consumers' },
  { ...contoso, versions: ['1.0'] },
  { ...contoso, versions: ['2.0'] },
  { ...contoso, versions: [] },
  { ...contoso, customSigningKeysOf: 'my app' },
  { tenantId, customSigningKeysOf: 'app' },
  ...clouds.map(({ host }) => ({ tenantId, instance: `https://${host}/` })),
  { tenantId, instance: 'https://login.windows.net' },
  { tenantId, instance: new URL('https://sts.windows.net/') },
  { tenantId, instance: 'https://login.chinacloudapi.cn/' },
  { tenantId, instance: 'http://localhost:8080' },
  { tenantId, instance: 'http://127.0.0.1:8080' },
  { tenantId, instance: 'http://[::1]:8080' },
  { tenantId, instance: 'https://login.contoso.com:8443/' },
  { instance: 'https://contoso.ciamlogin.com/' },
  { instance: 'https://contoso.ciamlogin.com/', tenantId },
  { instance: 'https://contoso.ciamlogin.com/', tenantId: 'common' },
  { instance: 'https://contoso.ciamlogin.com/', ...contoso, versions: ['1.0'] },
  {},
  { tenantId: '' },
  { tenantId: 7 as never },
  { tenantId: 'contoso' },
  { tenantId: 'contoso.com/../common' },
  { ...contoso, instance: 'login.microsoftonline.com' },
  { ...contoso, instance: 7 as never },
  { ...contoso, instance: 'http://login.microsoftonline.com/' },
  { ...contoso, instance: 'ftp://localhost/' },
  { ...contoso, instance: 'https://user@login.microsoftonline.com/' },
  { ...contoso, instance: 'https://:secret@login.microsoftonline.com/' },
  { ...contoso, instance: 'https://login.microsoftonline.com/#a' },
  { ...contoso, instance: 'https://login.microsoftonline.com/?a' },
  { ...contoso, instance: 'https://login.microsoftonline.com/common' },
]

const ofOthers: readonly OpenIdAuthorityOptions[] = [
  { issuer: 'https://id.example' },
  { issuer: 'https://id.example/' },
  { issuer: 'https://id.example/realms/todo' },
  { issuer: 'https://id.example', metadataUrl: 'https://keys.example/metadata?policy=1' },
  { issuer: 'https://id.example', tokenEndpoint: 'https://id.example/token' },
  { issuer: 'http://localhost:8080/realm' },
  { issuer: 'http://id.example' },
  { issuer: 'id.example' },
  { issuer: 'https://id.example/#a' },
  { issuer: 'https://id.example', metadataUrl: 'http://id.example/metadata' },
  { issuer: 'https://id.example', metadataUrl: 'metadata' },
]

it('authorities of Entra', async () => {
  await expectWritten(
    ofEntra.flatMap((options) => describe(options, () => createAuthority(options))),
    new URL('written/authorities-of-entra.txt', import.meta.url),
  )
})

it('other authorities', async () => {
  await expectWritten(
    ofOthers.flatMap((options) => describe(options, () => createOpenIdAuthority(options))),
    new URL('written/other-authorities.txt', import.meta.url),
  )
})

it('rules', async () => {
  const told = ({ claimTypes: _types, ...rules }: AuthorityRules) => rules
  await expectWritten(
    [
      ...['of Entra', ...membersOf(told(entraRules)), ''],
      ...['of any other OpenID Connect issuer', ...membersOf(told(openIdRules))],
    ],
    new URL('written/rules.txt', import.meta.url),
  )
})

it('tenants and hosts', async () => {
  const tenants = [
    tenantId,
    clientId.toUpperCase(),
    `{${tenantId}}`,
    `${tenantId}0`,
    'common',
    'CONSUMERS',
    'contoso.com',
    'contoso.onmicrosoft.com',
    'a-b.c-d.io',
    '-a.com',
    'a-.com',
    'a.c',
    'a.co',
    'a..com',
    'a.1com',
    'a.com.',
    'a_b.com',
    `${'a'.repeat(63)}.com`,
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(125)}com`,
    `${'a.'.repeat(126)}com`,
    'contoso',
    '',
  ]
  const hosts = [
    ...clouds.map(({ host }) => host),
    'LOGIN.microsoftonline.com.',
    'login.windows.net',
    'sts.windows.net',
    'sts.chinacloudapi.cn',
    'login.live.com',
    'login-us.microsoftonline.com',
    'login.microsoftonline.de',
    'westeurope.login.microsoft.com',
    'eu.login.microsoftonline.com',
    'a.login.microsoftonline.us',
    'contoso.ciamlogin.com',
    'ciamlogin.com',
    'contoso.b2clogin.com',
    'evil-login.microsoftonline.com',
    'login.microsoftonline.com.evil.example',
    'localhost',
  ]
  const shorten = (text: string): string =>
    text.length > 60 ? `${text.slice(0, 8)}… of ${text.length} characters` : text
  await expectWritten(
    [
      ...tenants.map(
        (text) =>
          `tenant ${JSON.stringify(shorten(text))}: ${isGuid(text) ? 'a GUID, ' : ''}${attempt(() => Object.values(parseTenantSegment(text)).map(shorten).join(' '))}`,
      ),
      ...hosts.map(
        (host) =>
          `host ${host}: ${isEntraHost(host) ? 'of Entra' : 'of somebody else'}, ${findCloud(host)?.name ?? 'no'} cloud`,
      ),
    ],
    new URL('written/tenants-and-hosts.txt', import.meta.url),
  )
})

function describe(options: object, create: () => Authority): readonly string[] {
  const asked = Object.entries(options).map(([name, value]) => `${name} ${String(value)}`)
  const head = asked.length === 0 ? 'nothing' : asked.join(', ')
  const told: string[] = []
  const refusal = attempt(() => {
    told.push(...tell(create()))
    return ''
  })
  return [head, ...(refusal === '' ? told : [`  ${refusal}`]), '']
}

function tell(authority: Authority): readonly string[] {
  const { name, issuers, multiTenant, personalAccounts, graphHosts, exchangeAudience } = authority
  return [
    `  name ${name}`,
    ...issuers.flatMap(
      ({ version, issuer, tenantId: tenant, multiTenant: several, metadataUrl, keyOrigins }) => [
        `  issuer ${issuer}${version === undefined ? '' : ` of version ${version}`}${tenant === undefined ? '' : `, tenant ${tenant}`}${several ? ', for several tenants' : ''}`,
        `    metadata ${metadataUrl}`,
        `    keys on ${keyOrigins.join(' ')}`,
      ],
    ),
    `  ${multiTenant ? 'several tenants' : 'one tenant'}, ${personalAccounts ? 'personal accounts too' : 'no personal accounts'}`,
    `  Graph ${graphHosts.join(' ') || 'unknown'}; exchange audience ${exchangeAudience ?? 'unknown'}`,
    ...['contoso.com', 'fabrikam.com', 'nobody'].map(
      (tenant) =>
        `  ${tenant}: ${attempt(() => `tokens ${authority.tokenEndpoint(tenant) ?? 'unknown'}, sign-in ${authority.authorizeEndpoint(tenant) ?? 'unknown'}`)}`,
    ),
  ]
}

function attempt(work: () => string): string {
  try {
    return work()
  } catch (error) {
    if (!isMidtierError(error)) throw error
    return `refused: ${error.message}`
  }
}
