// The part of oidc-provider that the tests use; it brings no types of its own.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Client {
    readonly clientId: string
  }

  export interface ResourceServer {
    readonly audience: string
    readonly scope: string
    readonly accessTokenFormat: 'jwt'
    readonly jwt: { readonly sign: { readonly alg: 'RS256' } }
    identifier(): string
  }

  export interface GrantContext {
    readonly oidc: { readonly client: Client; readonly params: Readonly<Record<string, string | undefined>> }
    body: unknown
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    readonly Client: { find(id: string): Promise<Client> }
    readonly AccessToken: new (facts: {
      client: Client
      accountId: string
      grantId: string
      gty: string
      scope: string
      expiresIn: number
      resourceServer: ResourceServer
    }) => { save(): Promise<string>; readonly expiration: number }
    registerGrantType(
      name: string,
      handler: (context: GrantContext) => Promise<void>,
      parameters: readonly string[],
    ): void
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }

  export const errors: {
    readonly InvalidGrant: new (detail: string) => Error
    readonly InvalidTarget: new (detail?: string) => Error
    readonly InvalidScope: new (detail: string, scope?: string) => Error
  }
}
