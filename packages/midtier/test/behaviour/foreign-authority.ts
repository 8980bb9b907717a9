// An authority that is not ours and not Entra: oidc-provider with the token exchange of RFC 8693, over real HTTP.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, type JWTPayload } from 'jose'
import { errors, Provider, type GrantContext, type ResourceServer } from 'oidc-provider'

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

export const middleTier = { clientId: 'middle tier', secret: 'a-secret: with +, % and &' } as const
export const middleTierUrl = 'https://middle-tier.example'
export const todoUrl = 'https://todo.example'

/** A user who writes the claims by which Entra's users are known into the tokens. */
export const impostor = {
  oid: 'c0000000-0000-4000-8000-0000000000a1',
  tid: 'c0000000-0000-4000-8000-000000000001',
}
const claimsOf: Readonly<Record<string, object>> = { mallory: impostor }

/** What each API understands. */
const scopesOf: Readonly<Record<string, string>> = { [middleTierUrl]: 'access', [todoUrl]: 'read write' }

export interface ForeignAuthority {
  readonly issuer: string
  /** Bodies and Authorization headers of the exchanges, in order. */
  readonly exchanges: {
    readonly authorization: string | undefined
    readonly parameters: GrantContext['oidc']['params']
  }[]
  /** An access token for the middle tier. */
  signIn(user: string): Promise<string>
  /** An access token for the middle tier that a client got for itself, by the client credentials grant. */
  signInClient(): Promise<string>
  /** Ends every session of a user. */
  signOut(user: string): void
  /** The claims of a token for an API, after validation. */
  validate(token: string, audience: string): Promise<JWTPayload>
  stop(): void
}

const resourceServer = (audience: string): ResourceServer => ({
  audience,
  scope: scopesOf[audience] ?? '',
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'RS256' } },
  identifier: () => audience,
})

export async function startForeignAuthority(): Promise<ForeignAuthority> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'web', token_endpoint_auth_method: 'none', redirect_uris: ['https://web.example/'] },
      {
        client_id: middleTier.clientId,
        client_secret: middleTier.secret,
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: [grantType, 'client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => resourceServer(resource),
      },
    },
    extraTokenClaims: (_context: unknown, { accountId = '' }: { accountId?: string }) => claimsOf[accountId],
  })
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`))
  const signedOut = new Set<string>()
  const exchanges: { authorization: string | undefined; parameters: GrantContext['oidc']['params'] }[] = []
  let authorization: string | undefined

  provider.registerGrantType(grantType, exchange, [
    'subject_token',
    'subject_token_type',
    'requested_token_type',
    'audience',
    'resource',
    'scope',
  ])
  const handle = provider.callback()
  server.on('request', (request, response) => {
    authorization = request.headers.authorization
    handle(request, response)
  })

  return {
    issuer,
    exchanges,
    signIn: async (user) => issue(user, 'web', middleTierUrl, 'access'),
    signInClient: async () => {
      const authorization = `Basic ${btoa([middleTier.clientId, middleTier.secret].map(encodeURIComponent).join(':'))}`
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: middleTierUrl,
          scope: 'access',
        }),
      })
      return ((await response.json()) as { access_token: string }).access_token
    },
    signOut: (user) => void signedOut.add(user),
    validate,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }

  async function exchange(context: GrantContext): Promise<void> {
    const { params, client } = context.oidc
    exchanges.push({ authorization, parameters: { ...params } })
    const audience = params['audience'] ?? params['resource'] ?? ''
    const allowed = scopesOf[audience]?.split(' ')
    if (allowed === undefined) throw new errors.InvalidTarget()
    const asked = params['scope']?.split(' ') ?? allowed
    if (!asked.every((scope) => allowed.includes(scope))) throw new errors.InvalidScope('unknown scope')
    const { sub } = await readSubject(params['subject_token'] ?? '', params['subject_token_type'])
    const token = await issue(sub ?? '', client.clientId, audience, asked.join(' '))
    const answer = {
      access_token: token,
      issued_token_type: accessToken,
      token_type: 'Bearer',
      expires_in: 600,
    }
    context.body = { ...answer, scope: asked.join(' ') }
  }

  async function readSubject(token: string, type: string | undefined): Promise<JWTPayload> {
    const claims = await validate(token, middleTierUrl).catch(() => undefined)
    if (type !== accessToken || claims === undefined || signedOut.has(claims.sub ?? ''))
      throw new errors.InvalidGrant('the subject token is not accepted')
    return claims
  }

  async function issue(
    accountId: string,
    clientId: string,
    audience: string,
    scope: string,
  ): Promise<string> {
    const client = await provider.Client.find(clientId)
    const facts = { client, accountId, grantId: 'grant', gty: 'token_exchange', scope, expiresIn: 600 }
    return new provider.AccessToken({ ...facts, resourceServer: resourceServer(audience) }).save()
  }

  async function validate(token: string, audience: string): Promise<JWTPayload> {
    return (await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' })).payload
  }
}
