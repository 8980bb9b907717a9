import { describe, expect, it } from 'vitest'
import { federatedManagedIdentity } from '../../../src/client-auth/managed-identity/federated-managed-identity.ts'
import type {
  ManagedIdentity,
  ManagedIdentityTokenRequest,
} from '../../../src/client-auth/managed-identity/managed-identity.ts'
import { ManagedIdentityToken } from '../../../src/client-auth/managed-identity/managed-identity-token.ts'
import { Redacted } from '../../../src/kernel/redacted.ts'
import { factsAt, fakeJwt, HandClock, write } from '../application.ts'

/** An identity whose token changes when a new one is demanded, until it is `stuck`. */
function createIdentity() {
  const asked: ManagedIdentityTokenRequest[] = []
  const state = { generation: 1, stuck: false, text: undefined as string | undefined }
  const identity: ManagedIdentity = {
    acquireToken: async (request) => {
      asked.push(request)
      if (request.forceRefresh === true && !state.stuck) state.generation += 1
      return new ManagedIdentityToken(new Redacted(state.text ?? fakeJwt({ n: state.generation })), 0)
    },
  }
  return { asked, state, identity }
}

const facts = factsAt(new HandClock())

describe('a managed identity as credential', () => {
  it('shows the token for the exchange as assertion', async () => {
    const { asked, identity } = createIdentity()
    const parameters = await write(federatedManagedIdentity(identity), facts)
    expect(parameters.get('client_assertion')).toBe(fakeJwt({ n: 1 }))
    expect(asked).toEqual([{ resource: 'api://AzureADTokenExchange', forceRefresh: false }])
  })

  it('asks for the audience of its cloud', async () => {
    const { asked, identity } = createIdentity()
    await write(federatedManagedIdentity(identity, { audience: 'api://AzureADTokenExchangeUSGov' }), facts)
    expect(asked[0]?.resource).toBe('api://AzureADTokenExchangeUSGov')
  })

  it('renews the token for a claims challenge', async () => {
    const { identity } = createIdentity()
    const credential = federatedManagedIdentity(identity)
    const parameters = await write(credential, { ...facts, claims: '{"access_token":{}}' })
    expect(parameters.get('client_assertion')).toBe(fakeJwt({ n: 2 }))
  })

  it('is tried again after a refusal only when its token changes', async () => {
    const { state, identity } = createIdentity()
    const credential = federatedManagedIdentity(identity)
    const parameters = await write(credential, facts)
    expect(await credential.rejected?.(parameters, facts)).toBe(true)
    state.stuck = true
    expect(await credential.rejected?.(await write(credential, facts), facts)).toBe(false)
  })

  it('refuses what is no JWT', async () => {
    const { state, identity } = createIdentity()
    state.text = 'opaque'
    await expect(write(federatedManagedIdentity(identity), facts)).rejects.toThrow(/no JWT/)
  })
})
