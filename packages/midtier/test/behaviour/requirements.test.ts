// Each kind of requirement on a route of its own: who gets in, and what the answer tells whoever does not.
import { createEmulator, type Emulator } from '@midtier/emulator'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import { createWebApi, type Requirements, type WebApi } from '../../src/index.ts'
import { alice, ids, listen, middleTierOptions } from './scenario.ts'

const carol = 'carol@fabrikam.onmicrosoft.com'
const group = '99999999-9999-4999-8999-999999999999'

type Caller = Partial<Parameters<Emulator['mint']>[0]>

const user = (more: Caller = {}): Caller => ({ user: alice, scopes: ['access_as_user'], ...more })
const daemon = (more: Caller = {}): Caller => ({
  client: ids.daemon,
  tenant: ids.contoso,
  roles: ['Tasks.Read.All'],
  ...more,
})

interface Rule {
  readonly kind: string
  readonly requirements: Requirements
  readonly admits: readonly Caller[]
  readonly refuses: readonly Caller[]
  /** What the challenge announces beside the error, and the problem's `reason`. */
  readonly reason: string
  readonly challenge?: RegExp
}

const rules: readonly Rule[] = [
  {
    kind: 'any of several scopes',
    requirements: { scopes: ['Files.Read', 'access_as_user'] },
    admits: [user(), user({ scopes: ['Files.Read'] })],
    refuses: [user({ scopes: ['Files'] }), daemon()],
    reason: 'scopes',
    challenge: /scope="Files\.Read access_as_user"/,
  },
  {
    kind: 'all of several scopes',
    requirements: { scopes: { all: ['Files.Read', 'access_as_user'] } },
    admits: [user({ scopes: ['access_as_user', 'Files.Read'] })],
    refuses: [user()],
    reason: 'scopes',
    challenge: /scope="Files\.Read access_as_user"/,
  },
  {
    kind: 'an app role',
    requirements: { roles: ['Tasks.Read.All'] },
    admits: [daemon(), user({ roles: ['Tasks.Read.All'] })],
    refuses: [daemon({ roles: ['Tasks'] }), user()],
    reason: 'roles',
  },
  {
    kind: 'a scope of a user or a role of an application',
    requirements: { scopes: ['access_as_user'], roles: ['Tasks.Read.All'] },
    admits: [user(), daemon()],
    refuses: [daemon({ roles: ['Other'] })],
    reason: 'roles',
  },
  {
    kind: 'a scope and a role of the same caller',
    requirements: { scopes: ['access_as_user'], roles: ['Admin'], match: 'both' },
    admits: [user({ roles: ['Admin'] })],
    refuses: [user()],
    reason: 'roles',
  },
  {
    kind: 'a tenant on a list',
    requirements: { allowedTenants: [ids.contoso] },
    admits: [user()],
    refuses: [user({ user: carol })],
    reason: 'tenants',
  },
  {
    kind: 'a tenant off a list',
    requirements: { deniedTenants: [ids.fabrikam] },
    admits: [user()],
    refuses: [user({ user: carol })],
    reason: 'tenants',
  },
  {
    kind: 'a client on a list',
    requirements: { allowedClients: [ids.webClient] },
    admits: [user()],
    refuses: [user({ client: ids.todoApi })],
    reason: 'clients',
  },
  {
    kind: 'members of the tenant alone',
    requirements: { refuseGuests: true },
    admits: [user(), user({ claims: { acct: 0 } })],
    refuses: [user({ user: carol, tenant: ids.contoso }), user({ claims: { acct: 1 } })],
    reason: 'guests',
  },
  {
    kind: 'no application by itself',
    requirements: { caller: 'user' },
    admits: [user()],
    refuses: [daemon()],
    reason: 'caller',
  },
  {
    kind: 'applications by themselves alone',
    requirements: { caller: 'app' },
    admits: [daemon()],
    refuses: [user({ roles: ['Tasks.Read.All'] })],
    reason: 'caller',
  },
  {
    kind: 'a client with a certificate',
    requirements: { clientStrength: 'certificate' },
    admits: [user({ clientLevel: '2' })],
    refuses: [user({ clientLevel: '0' }), user({ clientLevel: '1' })],
    reason: 'client_strength',
  },
  {
    kind: 'membership of a group',
    requirements: { groups: [group] },
    admits: [user({ claims: { groups: [ids.todoApi, group] } })],
    refuses: [user(), user({ claims: { groups: [ids.todoApi] } })],
    reason: 'groups',
  },
  {
    kind: 'a check of one’s own that takes its time',
    requirements: {
      check: async ({ claims }) => {
        await new Promise((resolve) => setImmediate(resolve))
        return claims['name'] === 'Alice Adams'
      },
    },
    admits: [user()],
    refuses: [user({ user: carol })],
    reason: 'own_check',
  },
]

let emulator: Emulator
let api: WebApi
let url: string
let close: () => void

beforeAll(async () => {
  emulator = await createEmulator()
  api = createWebApi(middleTierOptions(emulator, 'http://127.0.0.1:9'))
  const app = express()
  const ok = (_request: unknown, response: express.Response): void => void response.sendStatus(204)
  for (const [index, { requirements }] of rules.entries())
    app.get(`/${index}`, protect(api, requirements), ok)
  app.get('/step-up', protect(api, { authenticationContext: 'c1' }), ok)
  app.get('/crashes', protect(api, { check: () => Promise.reject(new Error('database down')) }), ok)
  app.use(renderErrors())
  const { server, url: origin } = await listen(app)
  url = origin
  close = () => {
    server.closeAllConnections()
    server.close()
  }
})
afterAll(async () => {
  close()
  await api.close()
  await emulator.stop()
})

async function call(path: string, caller: Caller): Promise<Response> {
  const token = await emulator.mint({ client: ids.webClient, audience: ids.middleTier, ...caller })
  return fetch(`${url}/${path}`, { headers: { authorization: `Bearer ${token}` } })
}

describe.each(rules.map((rule, index) => ({ ...rule, path: String(index) })))(
  'a route that demands $kind',
  (rule) => {
    it('lets in whoever has it', async () => {
      for (const caller of rule.admits) expect((await call(rule.path, caller)).status).toBe(204)
    })

    it('tells whoever has it not what is missing, as RFC 6750 has it', async () => {
      for (const caller of rule.refuses) {
        const response = await call(rule.path, caller)
        const challenge = response.headers.get('www-authenticate')
        expect(response.status).toBe(403)
        expect(challenge).toMatch(/^Bearer error="insufficient_scope", error_description="[^"]+"/)
        expect(challenge).toMatch(rule.challenge ?? /error_description="[^"]+"$/)
        expect(await response.json()).toMatchObject({ status: 403, reason: rule.reason })
      }
    })
  },
)

describe('a route that demands an authentication context', () => {
  it('lets in whoever signed in that strongly', async () => {
    expect((await call('step-up', user({ claims: { acrs: ['c1', 'c2'] } }))).status).toBe(204)
  })

  it('asks a client that understands claims challenges to step up', async () => {
    const response = await call('step-up', user({ capabilities: ['cp1'] }))
    const challenge = response.headers.get('www-authenticate') ?? ''
    expect(response.status).toBe(401)
    expect(challenge).toContain('error="insufficient_claims"')
    expect(challenge).toContain(`authorization_uri="${emulator.origin}/organizations/oauth2/v2.0/authorize"`)
    const claims = Buffer.from(/claims="([^"]+)"/.exec(challenge)?.[1] ?? '', 'base64').toString()
    expect(JSON.parse(claims)).toEqual({ access_token: { acrs: { essential: true, value: 'c1' } } })
  })

  it('refuses any other client, for which the challenge would be a riddle', async () => {
    const response = await call('step-up', user())
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope", /)
    expect(response.headers.get('www-authenticate')).not.toContain('claims')
  })
})

describe('a route that demands membership of a group', () => {
  const path = String(rules.findIndex(({ requirements }) => requirements.groups !== undefined))

  it.each([
    ['absence', {}, 'none of them'],
    ['overage', { _claim_names: { groups: 'src1' } }, 'overage'],
    ['overage in a token of the implicit flow', { hasgroups: true }, 'overage'],
  ])('tells %s from the others in what the owner sees', async (_, claims, actual) => {
    const token = await emulator.mint({ ...user(), client: ids.webClient, audience: ids.middleTier, claims })
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${token}` : undefined
    const refused = api.authenticate({ header, method: 'GET', url: `/${path}` }, { groups: [group] })
    await expect(refused).rejects.toMatchObject({ reason: 'groups', actual })
  })

  it('names overage to the caller, who cannot tell it from being in no group', async () => {
    const response = await call(path, user({ claims: { _claim_names: { groups: 'src1' } } }))
    expect(response.headers.get('www-authenticate')).toContain('too many for the token to list them')
  })
})

describe('a check of one’s own that fails', () => {
  it('is the owner’s failure, not a refusal', async () => {
    const response = await call('crashes', user())
    expect(response.status).toBe(500)
    expect(response.headers.get('www-authenticate')).toBeNull()
  })
})
