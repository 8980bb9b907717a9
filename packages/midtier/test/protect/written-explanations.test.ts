// Tokens explained, row by row, with header, claims, times and notes: what `midtier explain` has to tell. Written down to be read.
import { it } from 'vitest'
import { createOpenIdAuthority } from '../../src/authority/authority.ts'
import type { TokenExplanation } from '../../src/protect/explain.ts'
import type { Requirements } from '../../src/protect/requirements/requirements.ts'
import { down, serveEntra } from '../authority/fake-authority.ts'
import {
  appClaims,
  callerId,
  clientId,
  createSigner,
  nowSeconds,
  otherTenantId,
  segment,
  signToken,
  tenantId,
  userClaims,
  userId,
  v1Claims,
} from '../jwt/token-builder.ts'
import { expectWritten } from '../written.ts'
import { createGate, registration, signer, type TestGate } from './gate.ts'

const issuer = 'https://id.example'
const stranger = createSigner('key-1')
const agentId = 'a9e00000-0000-4000-8000-000000000001'
const facets = { azp: agentId, xms_act_fct: '11', xms_par_app_azp: otherTenantId, idtyp: 'user' }

interface Case {
  readonly token: string
  readonly gate?: () => TestGate
  readonly requirements?: Requirements
}

const sign = (claims: Record<string, unknown>, header: Record<string, unknown> = {}): string =>
  signToken({ claims, header, signer })
const [head = '', body = ''] = sign(userClaims()).split('.')

function openIdGate(): TestGate {
  const authority = createOpenIdAuthority({ issuer })
  const gate = createGate({ registrations: [{ ...registration, authority }] })
  gate.authority.serve(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` })
  gate.authority.serve(`${issuer}/keys`, { keys: [signer.jwk()] })
  return gate
}

function downGate(): TestGate {
  const gate = createGate()
  gate.authority.weather = down
  return gate
}

function foreignKeyGate(): TestGate {
  const gate = createGate()
  serveEntra(gate.authority, [signer], {
    keyIssuer: `https://login.microsoftonline.com/${otherTenantId}/v2.0`,
  })
  return gate
}

const requirements: Requirements = { scopes: ['access_as_user'], authenticationContext: 'c1' }

const cases: Readonly<Record<string, Case>> = {
  'a good one of a user': {
    token: sign(userClaims({ email: 'ada@contoso.com', acrs: ['c1'] })),
    requirements,
  },
  'a good one of version 1.0': { token: sign(v1Claims()) },
  'a good one of an application': { token: sign(appClaims()), requirements: { roles: ['Admin'] } },
  'a good one of an agent': { token: sign(userClaims(facets)), requirements: { agents: 'refuse' } },
  'a good one of another issuer': {
    token: sign({
      iss: issuer,
      aud: clientId,
      sub: 's',
      azp: 'spa',
      scope: 'read',
      iat: nowSeconds,
      exp: nowSeconds + 60,
    }),
    gate: openIdGate,
  },
  'one without scopes of another issuer': {
    token: sign({ iss: issuer, aud: clientId, sub: 's', iat: nowSeconds, exp: nowSeconds + 60 }),
    gate: openIdGate,
  },
  'one that is over': { token: sign(userClaims({ exp: nowSeconds - 4_000, nbf: nowSeconds - 8_000 })) },
  'one that lives by the tolerance': {
    token: sign(userClaims({ exp: nowSeconds - 60, iat: nowSeconds + 60 })),
  },
  'one for Microsoft Graph': {
    token: sign(userClaims({ aud: '00000003-0000-0000-c000-000000000000' }), { nonce: 'x' }),
  },
  'an ID token': { token: sign(userClaims({ nonce: 'x', azp: undefined, scp: undefined })) },
  'one of another tenant': { token: sign(userClaims({ tid: otherTenantId })), requirements },
  'one of no tenant': { token: sign(userClaims({ tid: undefined, iss: issuer })) },
  'one with a claim of another type': { token: sign(userClaims({ roles: 'Admin' })) },
  'one with a claim in other letters': { token: sign(userClaims({ TID: tenantId })) },
  'one of another algorithm': {
    token: sign(userClaims(), { alg: 'HS256', crit: ['b64'], typ: 'logout+jwt' }),
  },
  'one without a key': { token: sign(userClaims(), { kid: undefined, b64: false }) },
  'one with an unknown key': { token: sign(userClaims(), { kid: 'key-9' }) },
  'one with a key of another tenant': { token: sign(userClaims()), gate: foreignKeyGate },
  'one with a signature of somebody else': { token: signToken({ claims: userClaims(), signer: stranger }) },
  'one while there are no keys': { token: sign(userClaims()), gate: downGate },
  'one without a signature': { token: `${head}.${body}.`, requirements },
  'one that is encrypted': { token: 'a.b.c.d.e' },
  'one that is opaque': { token: 'opaque' },
  'one that is no JSON': { token: `${segment('{')}.${body}.AQ` },
  'one that was changed': { token: `${head}=.${body}.AQ` },
  'one that is too long': { token: 'x'.repeat(70_000) },
}

it('tokens are explained as it is written down', async () => {
  const lines: string[] = []
  for (const [name, { token, gate = createGate, requirements: demanded }] of Object.entries(cases))
    lines.push(name, ...tell(await gate().validator.explain(token, demanded), new Set(lines)), '')
  await expectWritten(lines.map(withNames), new URL('written/explanations.txt', import.meta.url))
})

/** @param known Rows that were told already. */
function tell(
  { verdict, checks, header, claims, times, notes }: TokenExplanation,
  known: ReadonlySet<string>,
): readonly string[] {
  const list = (members: object): string =>
    Object.entries(members)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join('; ') || 'none'
  const passed = checks
    .filter((check) => check.verdict === 'passed')
    .map(
      ({ name, expected, actual }) =>
        [name, `  passed ${name}: ${expected === actual ? expected : `${expected}, by ${actual}`}`] as const,
    )
  const again = passed.filter(([, told]) => known.has(told)).map(([name]) => name)
  const skipped = groupBy(checks)
  return [
    `  ${verdict}`,
    ...checks
      .filter((check) => check.verdict === 'failed')
      .flatMap(({ name, description, expected, actual, mistake }) => [
        `  failed ${name}: ${description ?? 'undescribed'}`,
        `    expected ${expected}`,
        `    actual ${actual}`,
        ...(mistake === undefined ? [] : [`    mistake ${mistake}`]),
      ]),
    ...passed.filter(([, told]) => !known.has(told)).map(([, told]) => told),
    ...(again.length === 0 ? [] : [`  passed as above: ${again.join(', ')}`]),
    ...[...skipped].map(([because, names]) => `  not reached because of ${because}: ${names.join(', ')}`),
    `  header ${list(header)}`,
    `  claims ${list(claims)}`,
    `  times ${list(times)}`,
    ...notes.map((note) => `  note ${note}`),
  ]
}

function groupBy(checks: TokenExplanation['checks']): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const { name, because } of checks)
    if (because !== undefined) groups.set(because, [...(groups.get(because) ?? []), name])
  return groups
}

/** Identifiers by what they are of; instants by their distance from now. */
function withNames(text: string): string {
  const names = {
    [tenantId]: 'TENANT',
    [otherTenantId]: 'OTHER-TENANT',
    [clientId]: 'THIS-API',
    [callerId]: 'CLIENT',
    [userId]: 'USER',
    [agentId]: 'AGENT',
  }
  return Object.entries(names)
    .reduce((all, [id, name]) => all.replaceAll(id, name), text)
    .replaceAll(
      /\b17953\d{5}\b/g,
      (seconds) => `NOW${Number(seconds) < nowSeconds ? '' : '+'}${Number(seconds) - nowSeconds}`,
    )
    .replaceAll(/\b\d+ characters\b(?! or)/g, (length) =>
      length.startsWith('6553') || length.startsWith('256') ? length : 'so many characters',
    )
}
