// Documents shaped like those that each kind of Entra authority publishes, field for field, and who is believed by them.
//
// `recorded/` holds, by URL, what an authority answers: the members and their order are Entra's; the tenant is made up, and the
// key material, which no test could sign with, is filled in here. What stands out in them: an alias's metadata names a template;
// the keys of the global cloud's aliases hold those of US Government and of personal accounts beside its own; v1.0 keys name no
// issuer and v2.0 keys do; no key names an algorithm; External ID is asked for by name and answers by id; China publishes keys
// under another of its names.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthority, type AuthorityOptions } from '../../src/authority/authority.ts'
import { parseMetadata } from '../../src/authority/metadata.ts'
import { consumersTenantId } from '../../src/authority/tenant.ts'
import type { JsonObject } from '../../src/kernel/json.ts'
import {
  clientId,
  createSigner,
  signToken,
  tenantId,
  userClaims,
  v1Claims,
  type Signer,
} from '../jwt/token-builder.ts'
import { createGate, refusalOf, registration, type TestGate } from '../protect/gate.ts'
import type { FakeAuthority } from './fake-authority.ts'
import china from './recorded/china.json' with { type: 'json' }
import common from './recorded/common.json' with { type: 'json' }
import consumers from './recorded/consumers.json' with { type: 'json' }
import externalId from './recorded/external-id.json' with { type: 'json' }
import organizations from './recorded/organizations.json' with { type: 'json' }
import tenant from './recorded/tenant.json' with { type: 'json' }
import usGovernment from './recorded/us-government.json' with { type: 'json' }

type Documents = Readonly<Record<string, JsonObject>>

interface Kind {
  readonly options: AuthorityOptions
  readonly documents: Documents
}

const kinds = {
  tenant: { options: { tenantId }, documents: tenant },
  common: { options: { tenantId: 'common' }, documents: common },
  organizations: { options: { tenantId: 'organizations' }, documents: organizations },
  // Version 1.0 is of no use to personal accounts; the other kinds have both, as far as the cloud has them.
  consumers: { options: { tenantId: 'consumers', versions: ['2.0'] }, documents: consumers },
  externalId: { options: { instance: 'https://contoso.ciamlogin.com' }, documents: externalId },
  usGovernment: {
    options: { instance: 'https://login.microsoftonline.us', tenantId },
    documents: usGovernment,
  },
  china: { options: { instance: 'https://login.partner.microsoftonline.cn', tenantId }, documents: china },
} as const satisfies Record<string, Kind>

type KindName = keyof typeof kinds
const names = Object.keys(kinds) as readonly KindName[]

/** A `kid` as Entra makes them: the SHA-1 of a certificate. Here of the name that the recorded keys carry. */
function kidOf(name: string): string {
  return createHash('sha1').update(name).digest('base64url')
}

const signers = Object.fromEntries(
  ['work', 'personal', 'external-id', 'us-government', 'china'].map((name) => [
    name,
    createSigner(kidOf(name)),
  ]),
)
/** Material of every published key that signs nothing here. */
const next = createSigner('next')

function signerOf(name: string): Signer {
  return signers[name] ?? next
}

function fillIn(key: JsonObject): JsonObject {
  const name = String(key['kid'])
  const { n } = signerOf(name).jwk()
  return { ...key, kid: kidOf(name), x5t: kidOf(name), n, x5c: [Buffer.from(String(n)).toString('base64')] }
}

function publish(authority: FakeAuthority, documents: Documents): void {
  for (const [url, document] of Object.entries(documents)) {
    const { keys } = document
    authority.serve(url, Array.isArray(keys) ? { keys: (keys as JsonObject[]).map(fillIn) } : document)
  }
}

/** An API registered with one kind of authority, while every authority there is can be asked. */
function createGateOf(name: KindName): TestGate {
  const authority = createAuthority(kinds[name].options)
  const gate = createGate({ registrations: [{ ...registration, authority }] })
  for (const other of names) publish(gate.authority, kinds[other].documents)
  return gate
}

const personal = { tid: consumersTenantId, idp: 'live.com' }
const sign = (name: string, claims: Record<string, unknown>): string =>
  signToken({ claims, signer: signerOf(name) })

/** What each authority issues. Every work tenant has the same id, so that nothing but authority and keys tells them apart. */
const tokens = {
  'work, v2.0': sign('work', userClaims()),
  'work, v1.0': sign('work', v1Claims()),
  'personal, v2.0': sign('personal', userClaims(personal)),
  'External ID, v2.0': sign(
    'external-id',
    userClaims({ iss: `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0` }),
  ),
  'US Government, v2.0': sign(
    'us-government',
    userClaims({ iss: `https://login.microsoftonline.us/${tenantId}/v2.0` }),
  ),
  'US Government, v1.0': sign('us-government', v1Claims()),
  'China, v2.0': sign(
    'china',
    userClaims({ iss: `https://login.partner.microsoftonline.cn/${tenantId}/v2.0` }),
  ),
  'China, v1.0': sign('china', v1Claims({ iss: `https://sts.chinacloudapi.cn/${tenantId}/` })),
}
type TokenName = keyof typeof tokens

const accepted: Readonly<Record<KindName, readonly TokenName[]>> = {
  tenant: ['work, v2.0', 'work, v1.0'],
  common: ['work, v2.0', 'work, v1.0', 'personal, v2.0'],
  organizations: ['work, v2.0', 'work, v1.0'],
  consumers: ['personal, v2.0'],
  externalId: ['External ID, v2.0'],
  usGovernment: ['US Government, v2.0', 'US Government, v1.0'],
  china: ['China, v2.0', 'China, v1.0'],
}

async function isAccepted({ validator }: TestGate, token: string): Promise<boolean> {
  return (await Promise.allSettled([(async () => validator.validate(token))()]))[0].status === 'fulfilled'
}

describe.each(names)('the documents of %s', (name) => {
  it('are read, keys of every issuer included', async () => {
    const { validator } = createGateOf(name)
    await validator.warmUp()
    const { ready, issuers } = validator.health()
    expect(ready).toBe(true)
    for (const issuer of issuers) {
      expect(issuer).toMatchObject({ ready: true, lastFailure: undefined })
      expect(issuer.keyCount).toBeGreaterThan(0)
    }
  })

  it('let in the tokens of that authority, and of no other', async () => {
    const gate = createGateOf(name)
    const letIn: string[] = []
    for (const [token, text] of Object.entries(tokens)) if (await isAccepted(gate, text)) letIn.push(token)
    expect(letIn).toEqual(accepted[name])
  })

  it('name no algorithm, so that a key’s is ours to choose', () => {
    const documents: readonly JsonObject[] = Object.values(kinds[name].documents)
    const keys = documents.flatMap((document) => (document['keys'] ?? []) as readonly JsonObject[])
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) expect(key).not.toHaveProperty('alg')
  })
})

describe('a document of another authority in the place of one’s own', () => {
  const firstOf = ({ documents }: Kind): JsonObject => Object.values(documents)[0]!
  const severalTenants: readonly KindName[] = ['common', 'organizations']
  const oneTenantOfThem: readonly KindName[] = ['tenant', 'consumers']
  const pairs = names.flatMap((own) =>
    names
      .filter((other) => other !== own)
      // The two aliases publish the same issuer: which accounts are meant is the API's own setting.
      .filter(
        (other) => !severalTenants.includes(own) || ![...severalTenants, ...oneTenantOfThem].includes(other),
      )
      .map((other) => [own, other] as const),
  )

  it.each(pairs)('is refused: %s gets that of %s', (own, other) => {
    const { issuers } = createAuthority(kinds[own].options)
    expect(parseMetadata(firstOf(kinds[own]), issuers[0])).not.toHaveProperty('fault')
    expect(parseMetadata(firstOf(kinds[other]), issuers[0])).toHaveProperty('fault')
  })

  it.each(names)('cannot bring keys from elsewhere: %s', (name) => {
    const [trusted] = createAuthority(kinds[name].options).issuers
    for (const keysUrl of [
      'https://evil.example/keys',
      'https://login.microsoftonline.de/common/discovery/keys',
    ])
      expect(parseMetadata({ ...firstOf(kinds[name]), jwks_uri: keysUrl }, trusted)).toHaveProperty('fault')
  })

  it.each(severalTenants)('lets in nobody but that tenant, where %s gets that of one tenant', async (own) => {
    const gate = createGateOf(own)
    const [url] = Object.keys(kinds[own].documents)
    gate.authority.serve(url!, firstOf(kinds.tenant))
    expect(await isAccepted(gate, tokens['work, v2.0'])).toBe(true)
    const foreign = sign('work', userClaims({ tid: '33333333-3333-4333-8333-333333333333' }))
    expect(await refusalOf(gate.validator, foreign)).toMatchObject({ reason: 'issuer_of_metadata' })
  })
})

describe('keys of several kinds in one document', () => {
  it('do not sign for each other: personal accounts’ for a work tenant', async () => {
    for (const claims of [userClaims(), userClaims({ tid: '33333333-3333-4333-8333-333333333333' })])
      expect(await refusalOf(createGateOf('common').validator, sign('personal', claims))).toMatchObject({
        reason: 'key_issuer',
      })
  })

  it('do not sign for each other: those of US Government for the global cloud', async () => {
    for (const name of ['common', 'organizations', 'tenant'] as const) {
      const { validator } = createGateOf(name)
      for (const claims of [userClaims(), v1Claims()])
        expect(await refusalOf(validator, sign('us-government', claims))).toMatchObject({
          reason: 'key_known',
        })
    }
  })

  it('do not sign for each other: those of the global cloud for US Government', async () => {
    const { validator } = createGateOf('usGovernment')
    expect(await refusalOf(validator, sign('work', v1Claims({ aud: clientId })))).toMatchObject({
      reason: 'key_known',
    })
  })
})

describe('the members of a metadata document', () => {
  const membersOf = (url: string, documents: Documents): readonly string[] =>
    Object.keys(documents[url] ?? {})
  const global = 'https://login.microsoftonline.com'

  it('are Entra’s in Entra’s order, v2.0', () => {
    expect(membersOf(`${global}/common/v2.0/.well-known/openid-configuration`, common).join(' ')).toBe(
      'token_endpoint token_endpoint_auth_methods_supported jwks_uri response_modes_supported subject_types_supported ' +
        'id_token_signing_alg_values_supported response_types_supported scopes_supported issuer ' +
        'request_uri_parameter_supported userinfo_endpoint authorization_endpoint device_authorization_endpoint ' +
        'http_logout_supported frontchannel_logout_supported end_session_endpoint claims_supported kerberos_endpoint ' +
        'mtls_endpoint_aliases tls_client_certificate_bound_access_tokens tenant_region_scope cloud_instance_name ' +
        'cloud_graph_host_name msgraph_host rbac_url',
    )
  })

  it('of keys are Entra’s: v2.0 keys name their issuer last, v1.0 keys none', () => {
    const keyOf = (url: string): JsonObject =>
      (common as unknown as Record<string, { keys: JsonObject[] }>)[url]!.keys[0]!
    const members = 'kty use kid x5t n e x5c cloud_instance_name'
    expect(Object.keys(keyOf(`${global}/common/discovery/v2.0/keys`)).join(' ')).toBe(`${members} issuer`)
    expect(Object.keys(keyOf(`${global}/common/discovery/keys`)).join(' ')).toBe(members)
  })
})
