import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import {
  accessAsUser,
  bob,
  claimsOf,
  contoso,
  graph,
  middleTier,
  middleTierSecret,
  onBehalfOf,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
  type Json,
  type TokenAnswer,
} from '../scenario.ts'

const origin = { origin: 'http://localhost:3000' }
const daySeconds = 86_400

let emulator: Emulator
let tokens: Json
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  tokens = (await signInToWebClient(emulator, { username: bob })).body
})

function refresh(
  changes: Record<string, string> = {},
  headers: Record<string, string> = origin,
): Promise<TokenAnswer> {
  const parameters = {
    grant_type: 'refresh_token',
    client_id: webClient,
    refresh_token: tokens['refresh_token'] as string,
  }
  return postToken(
    emulator,
    { ...parameters, scope: `${accessAsUser} openid profile offline_access`, ...changes },
    { headers },
  )
}

describe('a refresh token', () => {
  it('gives new tokens and a new refresh token, and stays valid itself', async () => {
    const first = await refresh()
    const second = await refresh()
    expect(first.body['refresh_token']).not.toBe(tokens['refresh_token'])
    expect(claimsOf(second.body['access_token'] as string)).toMatchObject({
      aud: middleTier,
      scp: 'access_as_user',
    })
    expect(second.body['id_token']).toBeTruthy()
  })

  it('is good for every API that the user consented to', async () => {
    await emulator.directory.consents.grant({
      tenantId: contoso,
      clientId: webClient,
      resourceId: graph,
      scopes: ['User.Read'],
    })
    const { body } = await refresh({ scope: 'User.Read' })
    await emulator.directory.consents.revoke({ tenantId: contoso, clientId: webClient, resourceId: graph })
    expect(claimsOf(body['access_token'] as string)['aud']).toBe('https://graph.microsoft.com')
  })

  it('is not good for an API without consent', async () => {
    const { body } = await refresh({ scope: `api://${todoApi}/Tasks.ReadWrite` })
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'consent_required', error_codes: [65001] })
    expect(body).not.toHaveProperty('error_uri')
    expect(body).not.toHaveProperty('claims')
  })

  it('of a single-page application ends 24 hours after the sign-in, refreshed or not', async () => {
    emulator.clock.advance(daySeconds / 2)
    tokens = (await refresh()).body
    emulator.clock.advance(daySeconds / 2)
    const { body } = await refresh()
    emulator.clock.advance(-daySeconds)
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [700084] })
  })

  it('of a confidential client lives 90 days from its last use', async () => {
    const exchange = await postToken(
      emulator,
      onBehalfOf(tokens['access_token'] as string, { scope: `api://${todoApi}/.default offline_access` }),
    )
    const confidential = {
      client_id: middleTier,
      client_secret: middleTierSecret,
      scope: `api://${todoApi}/.default`,
    }
    const redeem = (token: unknown) => refresh({ ...confidential, refresh_token: token as string }, {})
    emulator.clock.advance(60 * daySeconds)
    const used = await redeem(exchange.body['refresh_token'])
    emulator.clock.advance(60 * daySeconds)
    const again = await redeem(used.body['refresh_token'])
    const unused = await redeem(exchange.body['refresh_token'])
    emulator.clock.advance(-120 * daySeconds)
    expect(again.status).toBe(200)
    expect(unused.body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'bad_token',
      error_codes: [700082],
    })
  })

  it.each([
    ['text that is none', { refresh_token: 'nonsense' }, 9002313],
    ['another client', { client_id: middleTier, client_secret: middleTierSecret }, 70000],
  ])('is refused: %s', async (_, changes, code) => {
    const { body } = await refresh(changes)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [code] })
  })

  it('is refused after the sessions of the user were revoked', async () => {
    emulator.directory.revokeSessions(emulator.directory.findUser(bob)!, emulator.clock.now() + 1)
    const { body } = await refresh()
    emulator.directory.revokeSessions(emulator.directory.findUser(bob)!, 0)
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [50173] })
  })

  it('is refused when the user is disabled', async () => {
    const user = emulator.directory.findUser(bob)!
    emulator.directory.setEnabled(user, false)
    const { body } = await refresh()
    emulator.directory.setEnabled(user, true)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50057] })
  })

  it('of a confidential client needs the credential', async () => {
    const exchange = await postToken(
      emulator,
      onBehalfOf(tokens['access_token'] as string, { scope: `api://${todoApi}/.default offline_access` }),
    )
    const { status, body } = await refresh(
      { client_id: middleTier, refresh_token: exchange.body['refresh_token'] as string },
      {},
    )
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: 'invalid_client', error_codes: [7000218] })
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/refresh-token.txt')
})
