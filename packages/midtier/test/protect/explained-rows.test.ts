// What each row of an explained token says: what was expected, what came, and the likely mistake.
import { describe, expect, it } from 'vitest'
import {
  callerId,
  clientId,
  nowSeconds,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
  v1Claims,
} from '../jwt/token-builder.ts'
import type { ExplainedCheck } from '../../src/protect/checks/explained-check.ts'
import { createGate, signer } from './gate.ts'

const explain = async (claims: Record<string, unknown>): Promise<readonly ExplainedCheck[]> =>
  (await createGate().validator.explain(signToken({ claims, signer }))).checks

const v2Issuer = (tenant: string): string => `https://login.microsoftonline.com/${tenant}/v2.0`
const v1Issuer = (tenant: string): string => `https://sts.windows.net/${tenant}/`
const bothIssuers = `${v2Issuer(tenantId)} or ${v1Issuer(tenantId)}`
const kinds = 'scp for a user; without scp idtyp app, or sub equal to oid'
const idTokenClaims = 'neither nonce nor at_hash nor c_hash'

type Row = [
  what: string,
  claims: Record<string, unknown>,
  name: string,
  expected: string,
  actual: string,
  mistake?: string,
]

const rows: readonly Row[] = [
  [
    'no end',
    userClaims({ exp: undefined }),
    'lifetime',
    'exp and nbf in seconds',
    `exp absent, nbf ${nowSeconds - 60}`,
  ],
  [
    'no beginning',
    userClaims({ nbf: undefined }),
    'lifetime',
    'exp and nbf in seconds',
    `exp ${nowSeconds + 4_200}, nbf absent`,
  ],
  [
    'an end just gone',
    userClaims({ exp: nowSeconds - 3_599 }),
    'expired',
    `exp after ${nowSeconds - 300}`,
    String(nowSeconds - 3_599),
    'expired 59 min ago: the client keeps using a token it should have renewed',
  ],
  [
    'an end an hour ago',
    userClaims({ exp: nowSeconds - 3_600 }),
    'expired',
    `exp after ${nowSeconds - 300}`,
    String(nowSeconds - 3_600),
    'expired 1 h ago: the client never renews its token',
  ],
  [
    'a beginning to come',
    userClaims({ nbf: nowSeconds + 720 }),
    'not_yet_valid',
    `nbf at most ${nowSeconds + 300}`,
    String(nowSeconds + 720),
    'nbf lies 12 min in the future',
  ],
  [
    'an issue to come',
    userClaims({ iat: nowSeconds + 720 }),
    'issued_in_future',
    `iat at most ${nowSeconds + 300}`,
    String(nowSeconds + 720),
    'iat lies 12 min in the future',
  ],
  [
    'another API',
    userClaims({ aud: callerId }),
    'audience',
    clientId,
    callerId,
    'the client asked for the scope of another API',
  ],
  [
    'another API in a v1.0 token',
    v1Claims({ aud: 'api://todo' }),
    'audience',
    `${clientId} or api://${clientId}`,
    'api://todo',
    'v1.0 token',
  ],
  ...[
    '00000003-0000-0000-c000-000000000000',
    'https://graph.microsoft.com',
    'https://graph.microsoft.com/',
  ].map((aud): Row => [
    'Graph',
    userClaims({ aud }),
    'audience',
    clientId,
    aud,
    'a token for Microsoft Graph',
  ]),
  ...['nonce', 'at_hash', 'c_hash'].map((name): Row => [
    'an ID token',
    userClaims({ [name]: 'x' }),
    'id_token',
    idTokenClaims,
    name,
    'the client sends id_token',
  ]),
  [
    'an ID token by two claims',
    userClaims({ nonce: 'x', c_hash: 'x' }),
    'id_token',
    idTokenClaims,
    'nonce, c_hash',
    'the client sends id_token',
  ],
  ['a bound token', userClaims({ cnf: {} }), 'bound_to_sender', 'no cnf', 'present'],
  ['no client', userClaims({ azp: undefined }), 'client', 'sub and azp', 'no client', 'an ID token'],
  ['no subject', userClaims({ sub: undefined }), 'client', 'sub and azp', 'no subject', 'an ID token'],
  [
    'no client in a v1.0 token',
    v1Claims({ appid: undefined }),
    'client',
    'sub and appid',
    'no client',
    'an ID token',
  ],
  [
    'no permission',
    userClaims({ scp: undefined }),
    'permissions',
    'scp or roles',
    'neither',
    'the application has no role assigned',
  ],
  ['an application with scopes', userClaims({ idtyp: 'app' }), 'token_kind', kinds, 'idtyp app, scp present'],
  [
    'another kind',
    userClaims({ idtyp: 'device', scp: undefined, roles: ['x'] }),
    'token_kind',
    kinds,
    'idtyp device, scp absent',
  ],
  ['no user', userClaims({ oid: undefined }), 'object_id', 'a GUID in oid', 'absent'],
  ['a user by name', userClaims({ oid: 'ada' }), 'object_id', 'a GUID in oid', 'not a GUID'],
  [
    'another tenant',
    userClaims({ tid: otherTenantId }),
    'issuer',
    bothIssuers,
    v2Issuer(otherTenantId),
    'the client signed in at another tenant or cloud',
  ],
  ...['https://login.microsoftonline.us/', 'http://localhost:8080/', 'http://[::1]:8080/'].map(
    (authority): (typeof rows)[number] => [
      `the authority ${authority}`,
      userClaims({ iss: `${authority}${tenantId}/v2.0` }),
      'issuer',
      bothIssuers,
      `${authority}${tenantId}/v2.0`,
      `a token of another authority: is instance ${authority} meant?`,
    ],
  ),
  ...[
    'http://localhost:8080/contoso/v2.0',
    `http://localhost:8080/${tenantId.slice(0, -1)}g/v2.0`,
    `https://host/deeper/${tenantId}/v2.0`,
  ].map((iss): (typeof rows)[number] => [
    `an issuer of another shape, ${iss}`,
    userClaims({ iss }),
    'issuer',
    bothIssuers,
    iss,
    'the client signed in at another tenant or cloud',
  ]),
  [
    'another tenant in a v1.0 token',
    v1Claims({ tid: otherTenantId }),
    'issuer',
    bothIssuers,
    v1Issuer(otherTenantId),
    'a v1.0 token of another tenant',
  ],
  ['a tenant by name', userClaims({ tid: 'contoso' }), 'tenant_id', 'a GUID in tid', 'contoso'],
  ['no tenant', userClaims({ tid: undefined }), 'tenant_id', 'a GUID in tid', 'absent'],
  ['another version', userClaims({ ver: '1.0' }), 'version', '2.0', '1.0'],
]

describe('the row of a failed check', () => {
  it.each(rows)('tells of %s', async (_what, claims, name, expected, actual, mistake) => {
    const failed = (await explain(claims)).filter(({ verdict }) => verdict === 'failed')
    expect(failed[0]).toMatchObject({ name, expected, actual })
    if (mistake === undefined) expect(failed[0]?.mistake).toBeUndefined()
    else expect(failed[0]?.mistake?.slice(0, mistake.length)).toBe(mistake)
  })
})

describe('the rows of a good token', () => {
  const told = async (claims: Record<string, unknown>): Promise<Record<string, string[]>> =>
    Object.fromEntries(
      (await explain(claims)).map(({ name, expected, actual }) => [name, [expected, actual]]),
    )

  it('say what came, whichever version it is', async () => {
    expect(await told(userClaims())).toMatchObject({
      size: ['at most 65536 characters', expect.stringMatching(/^\d{4} characters$/)],
      form: ['a compact JWS', 'a compact JWS'],
      token_type: ['typ JWT or at+jwt', 'JWT'],
      algorithm: ['RS256', 'RS256'],
      critical_headers: ['neither crit nor b64', 'absent'],
      key_id: ['a kid of 1 to 256 characters', 'key-1'],
      claim_types: ['claims of their registered types', 'absent'],
      tenant_id: ['a GUID in tid', tenantId],
      issuer: [bothIssuers, v2Issuer(tenantId)],
      version: ['2.0', '2.0'],
      tenant_allowed: ['a work tenant', tenantId],
      foreign_nonce: ['no nonce in the header', 'none'],
      issuer_of_metadata: [v2Issuer(tenantId), v2Issuer(tenantId)],
      key_known: ['a published key', 'key-1'],
      key_algorithm: ['RS256', 'RS256'],
      key_issuer: [v2Issuer('{tenantid}'), v2Issuer(tenantId)],
      signature: ['made by the key of its kid', 'made by the key of its kid'],
      id_token: [idTokenClaims, 'none'],
      bound_to_sender: ['no cnf', 'absent'],
      client: ['sub and azp', callerId],
      permissions: ['scp or roles', 'access_as_user'],
      token_kind: [kinds, 'idtyp absent, scp present'],
      object_id: ['a GUID in oid', 'a GUID'],
    })
    expect(await told(v1Claims())).toMatchObject({
      issuer: [bothIssuers, v1Issuer(tenantId)],
      version: ['1.0', '1.0'],
      key_issuer: ['absent', v1Issuer(tenantId)],
      client: ['sub and appid', callerId],
    })
  })
})
