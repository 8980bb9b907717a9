// The words of a file of registrations.

/** Every application of a solution, as it is registered in its home tenant. `Name` are the names by which they refer to each other. */
export interface Registrations<Name extends string = string> {
  /**
   * Name of the solution, which no other project in the tenant has: applications without a `clientId` are registered, and found again,
   * as `{name}-{application}`. Needed for `registration script` and `bicep` alone.
   */
  readonly name?: string | undefined
  /** The home tenant's GUID. */
  readonly tenantId: string
  readonly applications: Readonly<Record<Name, ApplicationDefinition<NoInfer<Name>>>>
}

/** One application: a client, an API, or both. */
export interface ApplicationDefinition<Name extends string = string> {
  readonly displayName: string
  /**
   * Application (client) id, once Entra has assigned it. Default: a GUID that follows from tenant and name, which the emulator takes; the
   * real tenant assigns its own, which belongs here then.
   */
  readonly clientId?: string | undefined
  /** Default `AzureADMyOrg`: accounts of the home tenant only. */
  readonly signInAudience?: 'AzureADMyOrg' | 'AzureADMultipleOrgs' | undefined
  /** Application ID URIs. Default: `api://{clientId}` for what exposes scopes or app roles, none for the rest. */
  readonly identifierUris?: readonly string[] | undefined
  /** Version of the access tokens that the API receives. Default 2 for what exposes scopes or app roles; Entra's own default is 1. */
  readonly tokenVersion?: 1 | 2 | undefined
  /** Delegated permissions that the API exposes, by name: their description, or more. */
  readonly scopes?: Readonly<Record<string, string | ScopeDefinition>> | undefined
  /** Application roles of the API, by name: their description, or more. */
  readonly appRoles?: Readonly<Record<string, string | AppRoleDefinition>> | undefined
  /** Optional claims by name. */
  readonly optionalClaims?:
    | {
        readonly accessToken?: readonly string[] | undefined
        readonly idToken?: readonly string[] | undefined
      }
    | undefined
  /** Puts groups of the user in access tokens for it and in its ID tokens. Default: none. */
  readonly groupClaims?: 'SecurityGroup' | 'DirectoryRole' | 'ApplicationGroup' | 'All' | undefined
  readonly redirectUris?:
    | {
        readonly spa?: readonly string[] | undefined
        readonly web?: readonly string[] | undefined
        readonly publicClient?: readonly string[] | undefined
      }
    | undefined
  /** Gives ID tokens at the authorize endpoint (implicit and hybrid flows); access tokens it never gives there. Default false. */
  readonly idTokenIssuance?: boolean | undefined
  /** Allows device code, and user name and password. Default false. */
  readonly publicClientFlows?: boolean | undefined
  /** Permissions of other APIs that the registration lists: what consent is asked for. */
  readonly downstream?: Readonly<Partial<Record<DownstreamName<Name>, DownstreamPermissions>>> | undefined
  /** Clients whose consent covers this application too (combined consent). */
  readonly knownClients?: readonly Name[] | undefined
  /** Clients that need no consent for the named scopes of this API. */
  readonly preAuthorizedClients?: Readonly<Partial<Record<Name, readonly string[]>>> | undefined
  /**
   * Makes it an agent identity blueprint, with these agents by name, which inherit what it is granted of its downstream APIs. A blueprint
   * signs nobody in: `redirectUris.web` alone, for consent. Default: it is none.
   */
  readonly agents?: Readonly<Record<string, AgentDefinition>> | undefined
}

/** An application of the file, Microsoft Graph, or any other API by its client id. */
export type DownstreamName<Name extends string = string> =
  Name | 'graph' | `${string}-${string}-${string}-${string}-${string}`

/** Scopes, or scopes and app roles. */
export type DownstreamPermissions =
  | readonly string[]
  | { readonly scopes?: readonly string[] | undefined; readonly roles?: readonly string[] | undefined }

export interface ScopeDefinition {
  /** Shown to whoever consents. */
  readonly description: string
  /** Only an administrator can consent. Default false. */
  readonly adminOnly?: boolean | undefined
  /** The GUID that a registration which exists already has for it. Default: one that follows from the names. */
  readonly id?: string | undefined
}

export interface AppRoleDefinition {
  readonly description: string
  /** As {@link ScopeDefinition.id}. */
  readonly id?: string | undefined
}

export interface AgentDefinition {
  readonly displayName: string
  /** As {@link ApplicationDefinition.clientId}. */
  readonly clientId?: string | undefined
}
