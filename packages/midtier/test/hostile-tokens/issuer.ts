// Attacks on who issued a token: issuer, tenant, version and metadata have to be one chain, each link exact (RFC 8725 §3.8, CVE-2016-7191).
import { otherTenantId, tenantId, userClaims } from '../jwt/token-builder.ts'
import { family, variants, type HostileCase } from './hostile-case.ts'
import { partnerClaims, partnerIssuer } from './targets.ts'
import { keys, named } from './token-forge.ts'

const host = 'https://login.microsoftonline.com'
const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

const foreign = {
  wouldHaveWon: 'Any identity, from an authority of the attacker’s own that is taken for ours.',
  refusedBy: 'issuer',
  references: ['CVE-2024-53861', 'RFC 8725 §3.8', 'RFC 9207'],
}

const injected = {
  wouldHaveWon:
    'An issuer that is compared with itself: the tenant becomes part of the template, and of URLs and cache keys.',
  refusedBy: 'tenant_id',
  references: ['CVE-2016-7191', 'GHSA-73jp-3c67-hjfv'],
}

const crossTenant = {
  wouldHaveWon: 'Another customer’s data: a token of one tenant read as one of another.',
  references: ['CVE-2025-55241', 'Entra access tokens, validate the issuer'],
}

const versions = {
  wouldHaveWon: 'Claims of one version read by the rules of the other: another audience, another client.',
  refusedBy: 'version',
  references: ['Entra access tokens, token formats'],
}

const oddIssuers = [
  undefined,
  '',
  'https',
  'http',
  host,
  `${host}/${tenantId}`,
  `${host}/${tenantId}/`,
  `${host}/${tenantId}/v2.0/`,
  `${host}/${tenantId}/v2.0 `,
  ` ${host}/${tenantId}/v2.0`,
  `${host}/${tenantId}/v2.0\0`,
  `${host}/${tenantId}/v2.0\n`,
  `${host}/${tenantId}/V2.0`,
  `${host}/${tenantId}/v2`,
  `${host}/${tenantId}/v1.0`,
  `${host}/${tenantId}/v2.0?x`,
  `${host}/${tenantId}/v2.0#x`,
  `${host}/./${tenantId}/v2.0`,
  `${host}//${tenantId}/v2.0`,
  `${host}/${otherTenantId}/../${tenantId}/v2.0`,
  `${host}/${tenantId}/v2.0/../v2.0`,
  `${host}:443/${tenantId}/v2.0`,
  `${host}./${tenantId}/v2.0`,
  `http://login.microsoftonline.com/${tenantId}/v2.0`,
  `//login.microsoftonline.com/${tenantId}/v2.0`,
  `login.microsoftonline.com/${tenantId}/v2.0`,
  `https://LOGIN.microsoftonline.com/${tenantId}/v2.0`,
  `HTTPS://login.microsoftonline.com/${tenantId}/v2.0`,
  `https://evil@login.microsoftonline.com/${tenantId}/v2.0`,
  `https://login.microsoftonline.com@evil.example/${tenantId}/v2.0`,
  `https://login.microsoftonline.com.evil.example/${tenantId}/v2.0`,
  `https://evil.example/login.microsoftonline.com/${tenantId}/v2.0`,
  `https://loginxmicrosoftonline.com/${tenantId}/v2.0`,
  `https://login.micros\u043eftonline.com/${tenantId}/v2.0`,
  `https://login%2emicrosoftonline.com/${tenantId}/v2.0`,
  `https://login.windows.net/${tenantId}/v2.0`,
  `https://login.microsoftonline.us/${tenantId}/v2.0`,
  `https://login.partner.microsoftonline.cn/${tenantId}/v2.0`,
  `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`,
  `https://contoso.b2clogin.com/${tenantId}/v2.0/`,
  `https://sts.windows.net/${tenantId}/v2.0`,
  `https://sts.windows.net/${tenantId}`,
  `${host}/{tenantid}/v2.0`,
  `${host}/common/v2.0`,
  `${host}/organizations/v2.0`,
  `${host}/contoso.onmicrosoft.com/v2.0`,
  `${host}/${tenantId.replaceAll('1', '%31')}/v2.0`,
  'https://accounts.google.com',
  'https://evil.example',
]

const oddTenants = [
  undefined,
  '',
  '$&',
  '$`',
  "$'",
  '$1',
  '{tenantid}',
  '{tenantId}',
  'common',
  'organizations',
  'contoso.onmicrosoft.com',
  `{${tenantId}}`,
  tenantId.replaceAll('-', ''),
  `${tenantId}/`,
  `${tenantId}\n`,
  ` ${tenantId}`,
  `${tenantId}/../${otherTenantId}`,
  `${tenantId}@evil.example`,
  '../../evil',
  'aaaaaaaa-AAAA-4aaa-8aaa-aaaaaaaaaaaa',
  '*',
  '__proto__',
]

export const issuerCases: readonly HostileCase[] = [
  ...variants(foreign, 'iss', oddIssuers, ({ user }, iss) => user({ iss })),
  ...variants(
    { ...foreign, against: 'multi' },
    'in an API for every tenant, iss',
    [
      `${host}/{tenantid}/v2.0`,
      `${host}/organizations/v2.0`,
      `${host}/common/v2.0`,
      `${host}/$&/v2.0`,
      `${host}/${otherTenantId}/v2.0`,
      `${host}/${tenantId.toUpperCase()}X/v2.0`,
      `https://sts.windows.net/${otherTenantId}/`,
      `https://evil.example/${tenantId}/v2.0`,
    ],
    ({ user }, iss) => user({ iss }),
  ),
  ...variants(
    { ...foreign, refusedBy: 'claim_types', references: ['CVE-2025-30144', 'CVE-2024-53861'] },
    'iss',
    [[`${host}/${tenantId}/v2.0`, 'https://evil.example'], { toString: 'x' }, null, 1, true],
    ({ user }, iss) => user({ iss }),
  ),
  ...variants(
    { ...foreign, against: 'government' },
    'in the government cloud, iss',
    [`${host}/${tenantId}/v2.0`, `https://login.usgovcloudapi.net/${tenantId}/v2.0`],
    ({ by }, iss) => by(named(keys.leaked, 'key-gov'), {}, userClaims({ iss })),
  ),
  ...variants(
    { ...foreign, against: 'partner' },
    'beside the partner’s issuer, iss',
    [
      `${partnerIssuer}/`,
      `${partnerIssuer}/oauth`,
      'https://id.partner.example.evil.example',
      'https://ID.partner.example',
    ],
    ({ by }, iss) => by(named(keys.leaked, 'partner-key'), {}, partnerClaims({ iss, tid: tenantId })),
  ),
  ...variants(injected, 'tid', oddTenants, ({ user }, tid) => user({ tid })),
  ...variants(
    { ...injected, against: 'multi' },
    'in an API for every tenant, tid',
    ['$&', '{tenantid}', '$`', 'common', tenantId.replaceAll('-', ''), `${tenantId}/v2.0#`],
    ({ user }, tid) => user({ tid, iss: `${host}/${tid}/v2.0` }),
  ),
  ...variants(
    { ...injected, refusedBy: 'claim_types' },
    'tid',
    [[tenantId], { toString: tenantId }, null, 1],
    ({ user }, tid) => user({ tid }),
  ),
  ...family(
    { ...crossTenant, refusedBy: 'issuer' },
    {
      'a token of another tenant': ({ user }) => user({ tid: otherTenantId }),
      'our tid below another tenant’s issuer': ({ user }) => user({ iss: `${host}/${otherTenantId}/v2.0` }),
      'another tid below our issuer': ({ user }) =>
        user({ tid: otherTenantId, iss: `${host}/${tenantId}/v2.0` }),
      'a v1.0 token of another tenant': ({ v1 }) => v1({ tid: otherTenantId }),
      'a token of personal accounts': ({ user }) => user({ tid: consumersTenantId }),
    },
  ),
  ...family(
    { ...crossTenant, refusedBy: 'issuer', against: 'multi' },
    {
      'another tid below our issuer, in an API for every tenant': ({ user }) =>
        user({ tid: otherTenantId, iss: `${host}/${tenantId}/v2.0` }),
      'two tenants in one v1.0 token, in an API for every tenant': ({ v1 }) =>
        v1({ tid: otherTenantId, iss: `https://sts.windows.net/${tenantId}/` }),
    },
  ),
  ...family(
    { ...crossTenant, refusedBy: 'tenant_allowed', against: 'listed' },
    {
      'a tenant that is not on the list': ({ user }) => user({ tid: otherTenantId }),
      'a tenant that is not on the list, by v1.0': ({ v1 }) => v1({ tid: otherTenantId }),
      'personal accounts where tenants are listed': ({ user }) => user({ tid: consumersTenantId }),
    },
  ),
  ...family(
    { ...crossTenant, refusedBy: 'tenant_allowed', against: 'multi' },
    { 'personal accounts where every work tenant is let in': ({ user }) => user({ tid: consumersTenantId }) },
  ),
  ...family(
    { ...crossTenant, refusedBy: 'issuer_of_metadata', against: 'domain' },
    {
      'a token of another tenant than the domain’s': ({ user }) => user({ tid: otherTenantId }),
      'a v1.0 token of another tenant than the domain’s': ({ v1 }) => v1({ tid: otherTenantId }),
    },
  ),
  ...variants(versions, 'ver', [undefined, '', '1.0', '2', 'v2.0', '2.0 ', '3.0'], ({ user }, ver) =>
    user({ ver }),
  ),
  ...variants(versions, 'in a v1.0 token, ver', [undefined, '2.0', '1'], ({ v1 }, ver) => v1({ ver })),
  ...variants({ ...versions, refusedBy: 'claim_types' }, 'ver', [2, ['2.0'], null], ({ user }, ver) =>
    user({ ver }),
  ),
]
