// What becomes of a token whose claims are other than they should be, claim by claim and value by value, written down to be read.
import { describe, expect, it } from 'vitest'
import { createAuthority, createOpenIdAuthority } from '../../src/authority/authority.ts'
import { consumersTenantId } from '../../src/authority/tenant.ts'
import { isMidtierError } from '../../src/index.ts'
import { traitsOf } from '../../src/protect/claimed.ts'
import type { Principal } from '../../src/protect/principal.ts'
import { serveEntra } from '../authority/fake-authority.ts'
import {
  appClaims,
  callerId,
  clientId,
  nowSeconds,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
  userId,
  v1Claims,
} from '../jwt/token-builder.ts'
import { createGate, registration, signer, type TestGate } from './gate.ts'
import { expectWritten } from '../written.ts'

type Claims = Readonly<Record<string, unknown>>

const issuer = 'https://id.example'
const agentId = 'a9e00000-0000-4000-8000-000000000001'
const absent = undefined

/** What anybody might put in place of any claim. */
const anything = [absent, null, true, 0, 1, -1, 1.5, '', ' ', '/', 'x', 'a b', [], ['x'], ['x', 1], {}]

/** What is worth trying in place of one claim beside. */
const more: Readonly<Record<string, readonly unknown[]>> = {
  aud: [clientId, `api://${clientId}`, [clientId], ['x', clientId], clientId.toUpperCase(), `${clientId}/`],
  iss: [
    `https://login.microsoftonline.com/${tenantId}/v2.0`,
    `https://login.microsoftonline.com/${tenantId}/v2.0/`,
    `https://login.microsoftonline.com/${otherTenantId}/v2.0`,
    `https://sts.windows.net/${tenantId}/`,
    issuer,
    `${issuer}/`,
  ],
  exp: [
    nowSeconds - 301,
    nowSeconds - 300,
    nowSeconds - 299,
    nowSeconds - 299.5,
    '9999999999',
    9_999_999_999,
  ],
  nbf: [nowSeconds + 301, nowSeconds + 300, nowSeconds + 300.5, '0'],
  iat: [nowSeconds + 301, nowSeconds + 300, nowSeconds + 300.5, '0'],
  tid: [tenantId, otherTenantId, tenantId.toUpperCase(), `{${tenantId}}`, consumersTenantId],
  oid: [userId, userId.toUpperCase(), `{${userId}}`, 'pairwise-subject-of-this-api'],
  sub: [callerId, userId, 'spa', 'spa@clients', '@clients'],
  ver: ['1.0', '2.0', '3.0', 2],
  idtyp: ['user', 'app', 'User', 'device'],
  azp: [callerId, 'spa'],
  client_id: ['spa', 'other'],
  cid: ['spa'],
  preferred_username: ['service-account-spa', 'service-account-SPA', 'service-account-undefined'],
  acct: ['0', '1'],
  idp: ['live.com', issuer],
  azpacr: ['0', '1', '2', 2],
  appidacr: ['0', '1', '2', 2],
  xms_act_fct: ['11', '3 11', '11,3', '13', 11],
  xms_sub_fct: ['11', ' 7  13 ', '9', '13 x', 13],
  xms_par_app_azp: [otherTenantId],
}

const ofEntra =
  'aud iss exp nbf iat tid oid sub ver scp roles groups idtyp azp appid azpacr appidacr idp acct acrs xms_cc uti xms_act_fct xms_sub_fct xms_par_app_azp nonce at_hash c_hash cnf SCP Tid rOles unknown'.split(
    ' ',
  )
const ofOthers =
  'aud iss exp nbf iat tid oid sub ver scp scope roles azp client_id cid preferred_username groups acr idp acct nonce cnf SCP unknown'.split(
    ' ',
  )

function openIdGate(): TestGate {
  const gate = createGate({
    registrations: [{ ...registration, authority: createOpenIdAuthority({ issuer }) }],
  })
  gate.authority.serve(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` })
  gate.authority.serve(`${issuer}/keys`, { keys: [signer.jwk()] })
  return gate
}

function multiTenantGate(): TestGate {
  const authority = createAuthority({ tenantId: 'common' })
  const allowedTenants = [tenantId, consumersTenantId]
  const gate = createGate({ registrations: [{ ...registration, authority, allowedTenants }] })
  serveEntra(gate.authority, [signer], { segment: 'common' })
  return gate
}

const openIdClaims = (claims: Claims = {}): Claims => ({
  iss: issuer,
  aud: clientId,
  sub: 'alice',
  azp: 'spa',
  scope: 'read write',
  iat: nowSeconds,
  exp: nowSeconds + 600,
  ...claims,
})

interface Case {
  readonly file: string
  readonly gate: () => TestGate
  readonly base: Claims
  readonly names: readonly string[]
}

const agent = { idtyp: 'user', azp: agentId, xms_act_fct: '11', xms_par_app_azp: otherTenantId }
const cases: readonly Case[] = [
  { file: 'user', gate: createGate, base: userClaims(), names: ofEntra },
  { file: 'user-of-several-tenants', gate: multiTenantGate, base: userClaims(), names: ['iss', 'tid'] },
  { file: 'application', gate: createGate, base: appClaims(), names: ofEntra },
  {
    file: 'agent',
    gate: createGate,
    base: userClaims(agent),
    names: ofEntra.filter((name) => /oid|^x|scp|azp|idtyp/.test(name)),
  },
  { file: 'user-in-version-1', gate: createGate, base: v1Claims(), names: ofEntra },
  { file: 'user-of-another-issuer', gate: openIdGate, base: openIdClaims(), names: ofOthers },
  {
    file: 'application-of-another-issuer',
    gate: openIdGate,
    base: openIdClaims({ sub: 'spa', scope: undefined, roles: ['Reader'] }),
    names: ofOthers,
  },
]

describe('the claims of a token', () => {
  it.each(cases)('are read as it is written down: $file', async ({ file, gate: create, base, names }) => {
    const gate = create()
    const good = await outcomeOf(gate, base)
    const lines = [tell(good)]
    for (const name of names) lines.push('', name, ...(await tryAll(gate, base, name, good)))
    await expectWritten(lines.map(withNames), new URL(`written/claims-of-${file}.txt`, import.meta.url))
  })
})

/** What a token became, fact by fact. */
type Outcome = Readonly<Record<string, string>>

/** A line for each outcome, with all values that lead to it; of who is accepted, what is other than with the value that should be there. */
async function tryAll(gate: TestGate, base: Claims, name: string, good: Outcome): Promise<readonly string[]> {
  const values = new Map<string, string[]>()
  for (const value of [...anything, ...(more[name] ?? [])]) {
    const told = tell(await outcomeOf(gate, { ...base, [name]: value }), good)
    values.set(told, [...(values.get(told) ?? []), value === undefined ? 'absent' : JSON.stringify(value)])
  }
  return [...values].map(([told, those]) => `  ${told}: ${[...new Set(those)].join(', ')}`)
}

function tell(outcome: Outcome, good: Outcome = {}): string {
  const facts = outcome['refused'] === undefined ? { ...blank(good), ...outcome } : outcome
  const told = Object.entries(facts).flatMap(([fact, value]) =>
    value === good[fact] ? [] : [value === '' ? `no ${fact}` : `${fact} ${value}`],
  )
  return told.length === 0 ? 'accepted' : told.join(', ')
}

function blank(good: Outcome): Outcome {
  return Object.fromEntries(Object.keys(good).map((fact) => [fact, '']))
}

async function outcomeOf({ validator }: TestGate, claims: Claims): Promise<Outcome> {
  const token = signToken({ claims, signer })
  const { checks } = await validator.explain(token)
  const failed = checks.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name)
  try {
    const { principal, account } = await validator.validate(token)
    expect(failed).toEqual([])
    return factsOf(principal, account?.id)
  } catch (error) {
    if (!isMidtierError(error) || error.code !== 'bearer_refused') throw error
    expect(error.reason).toBe(failed[0])
    return { refused: `${error.status} ${error.error ?? ''} (${failed.join(', ')})` }
  }
}

function factsOf(principal: Principal, account: string | undefined): Outcome {
  const { kind, agent: by, scopes, roles, tenantId: tenant, objectId, subject, clientId: client } = principal
  const traits = traitsOf(principal)
  const facts = {
    'accepted as': kind,
    account,
    tenant,
    objectId,
    subject,
    client,
    version: principal.version,
    scopes: scopes.join(' '),
    roles: roles.join(' '),
    agent: by && `${by.id} ${by.kind} of ${by.blueprintId ?? 'no blueprint'}`,
    guest: traits.isGuest ? 'of another tenant' : undefined,
    strength: traits.clientStrength || undefined,
    contexts: traits.authenticationContexts.join(' '),
    facets: traits.hasUnclearFacets ? 'unclear' : undefined,
    expires: principal.expiresAtMs / 1000 - nowSeconds,
    issued: traits.issuedAtSeconds === 0 ? 'never' : traits.issuedAtSeconds - nowSeconds,
  }
  return Object.fromEntries(
    Object.entries(facts).flatMap(([fact, value]) =>
      value === undefined || value === '' ? [] : [[fact, String(value)]],
    ),
  )
}

/** Identifiers by what they are of. */
function withNames(text: string): string {
  const names: Readonly<Record<string, string>> = {
    [tenantId]: 'TENANT',
    [otherTenantId]: 'OTHER-TENANT',
    [consumersTenantId]: 'PERSONAL-ACCOUNTS',
    [clientId]: 'THIS-API',
    [clientId.toUpperCase()]: 'THIS-API in capitals',
    [callerId]: 'CLIENT',
    [userId]: 'USER',
    [userId.toUpperCase()]: 'USER in capitals',
    [agentId]: 'AGENT',
    'pairwise-subject-of-this-api': 'SUBJECT',
  }
  return Object.entries(names)
    .reduce((all, [id, name]) => all.replaceAll(id, name), text)
    .replaceAll(
      /\b179534\d{4}(\.5)?\b/g,
      (seconds) =>
        `NOW${(Number(seconds) - nowSeconds).toLocaleString('en', { signDisplay: 'exceptZero', useGrouping: false })}`,
    )
}
