// What a directory is made of: tenants, users, applications and what they were granted, as plain data.
import type { PolicyDefinition } from './policy.ts'

/** A whole directory, as an object or as a JSON file. */
export interface DirectoryData {
  readonly tenants: readonly Tenant[]
  readonly users: readonly User[]
  readonly applications: readonly Application[]
  /** Names of the groups that users are in; a group that is not here has an id alone. */
  readonly groups?: readonly Group[]
  /** Agents, each below the blueprint that acts as it. */
  readonly agentIdentities?: readonly AgentIdentity[]
  /** Delegated permissions that are already granted. */
  readonly consents?: readonly Consent[]
  /** Application roles that are assigned to users or to applications. */
  readonly appRoleAssignments?: readonly AppRoleAssignment[]
  /** Conditional Access policies. */
  readonly policies?: readonly PolicyDefinition[]
}

/** An organization. */
export interface Tenant {
  /** The tenant's GUID. */
  readonly id: string
  readonly displayName: string
  /** Verified domains; the first one is the default. */
  readonly domains: readonly string[]
}

/** A person, or the account that an agent has as a user. */
export interface User {
  /** Object id (GUID) in the home tenant. */
  readonly id: string
  /** The home tenant's GUID. */
  readonly tenantId: string
  /** User principal name. */
  readonly username: string
  /** Password; an emulator's, so it is no secret. An agent's user account has none, everybody else needs one. */
  readonly password?: string
  /** The agent identity whose user account this is: it alone acts as this user, and nobody signs in. Default: a person. */
  readonly agentIdentityId?: string
  readonly displayName: string
  readonly givenName?: string
  readonly surname?: string
  readonly mail?: string
  readonly jobTitle?: string
  readonly officeLocation?: string
  readonly mobilePhone?: string
  readonly businessPhones?: readonly string[]
  readonly preferredLanguage?: string
  /** Default true. */
  readonly accountEnabled?: boolean
  /** May consent for the whole home tenant; default false. */
  readonly administrator?: boolean
  /** Object ids of groups that the user belongs to. */
  readonly groups?: readonly string[]
  /** Other tenants in which the user is a guest, with the object id of the guest there. */
  readonly guestIn?: readonly { readonly tenantId: string; readonly id: string }[]
}

/** A group of people; who is in it is said by `User.groups`. */
export interface Group {
  /** Object id, a GUID. */
  readonly id: string
  readonly displayName: string
}

/** Which platform a redirect URI belongs to: decides PKCE, CORS and the life of refresh tokens. */
export type Platform = 'spa' | 'web' | 'publicClient'

/** An agent: a service principal below a blueprint, without any credential of its own. */
export interface AgentIdentity {
  /** Client id and object id in one, a GUID. */
  readonly id: string
  readonly displayName: string
  /** Application id of the blueprint. */
  readonly blueprintId: string
  /** The one tenant in which the agent is; the blueprint has to be there too. */
  readonly tenantId: string
  /** Default true. */
  readonly enabled?: boolean
}

/** What makes an application an agent identity blueprint: the API that agents are built on, which holds their credentials. */
export interface AgentBlueprint {
  /** Delegated permissions that were granted to the blueprint and count for its agents, API by API; default: none. */
  readonly inheritablePermissions?: readonly InheritablePermission[]
}

/** Permissions of one API that the agents of a blueprint inherit. */
export interface InheritablePermission {
  /** Application id of the API. */
  readonly resourceId: string
  /** Names of scopes, or `all`: every one that the blueprint is granted. */
  readonly scopes: 'all' | readonly string[]
}

/** What makes an application a managed identity: it has no credential, and gets tokens from the host that it is assigned to. */
export interface ManagedIdentity {
  /** Object id of its service principal, a GUID: `oid` and `sub` of its tokens. */
  readonly principalId: string
  /** Azure resource id: of the identity itself, or of what the system assigned it to. */
  readonly resourceId: string
  /** `system`: the one that a request gets that names none. Default `user`. */
  readonly assignedBy?: 'system' | 'user'
}

/** An application: a client, an API, or both. */
export interface Application {
  /** Application (client) id, a GUID. */
  readonly id: string
  readonly displayName: string
  /** The home tenant's GUID; absent for a Microsoft application, which every tenant has. */
  readonly tenantId?: string
  /** Default `AzureADMyOrg`: accounts of the home tenant only. */
  readonly signInAudience?: 'AzureADMyOrg' | 'AzureADMultipleOrgs'
  /** Other tenants that have the application already (as a service principal). */
  readonly provisionedIn?: readonly string[]
  readonly publisher?: string
  /** Default true. */
  readonly enabled?: boolean
  readonly redirectUris?: Partial<Readonly<Record<Platform, readonly string[]>>>
  /** Called in a hidden frame, with `sid` and `iss`, when a session ends that signed in here (http or https); default: nobody is told. */
  readonly frontChannelLogoutUrl?: string
  /** May use flows without a redirect URI as a public client: device code, user name and password ("Allow public client flows"); default false. */
  readonly isFallbackPublicClient?: boolean
  /** Gets id_tokens from the authorize endpoint, alone or beside a code (implicit and hybrid flows); default false. */
  readonly enableIdTokenIssuance?: boolean
  readonly secrets?: readonly ClientSecret[]
  /** Certificates (PEM) that sign the client's assertions. */
  readonly certificates?: readonly string[]
  readonly federatedCredentials?: readonly FederatedCredential[]
  /** Application ID URIs. */
  readonly identifierUris?: readonly string[]
  /** Delegated permissions that the application exposes as an API. */
  readonly scopes?: readonly ExposedScope[]
  readonly appRoles?: readonly AppRole[]
  /** Permissions that the registration lists: what `.default` asks consent for. */
  readonly requiredResourceAccess?: readonly RequiredResourceAccess[]
  /** Version of the access tokens that the API receives; default 1, as in Entra. */
  readonly accessTokenAcceptedVersion?: 1 | 2
  readonly optionalClaims?: {
    readonly accessToken?: readonly OptionalClaim[]
    readonly idToken?: readonly OptionalClaim[]
  }
  /** Groups of the user in access tokens for it and in its id_tokens (`groupMembershipClaims`); default: none. */
  readonly groupMembershipClaims?: 'SecurityGroup' | 'DirectoryRole' | 'ApplicationGroup' | 'All'
  /** Clients that need no consent for the named scopes of this API. */
  readonly preAuthorizedApplications?: readonly { readonly id: string; readonly scopes: readonly string[] }[]
  /** Clients whose consent covers this application too (combined consent). */
  readonly knownClientApplications?: readonly string[]
  /** Makes it an agent identity blueprint: it acts as its agents, and signs nobody in. Default: it is none. */
  readonly agentBlueprint?: AgentBlueprint
  /** Makes it a managed identity of the emulator's own host. Default: it is none. */
  readonly managedIdentity?: ManagedIdentity
  /** Only assigned users and applications get tokens; default false. */
  readonly appRoleAssignmentRequired?: boolean
  /** Lifetime of access tokens for this API in seconds; default: the emulator's. */
  readonly accessTokenLifetimeSeconds?: number
}

/** One of a client's secrets. */
export interface ClientSecret {
  readonly value: string
  /** ISO 8601; absent: never expires. */
  readonly expires?: string
}

/** Trust in tokens that another issuer makes for the application. */
export interface FederatedCredential {
  readonly issuer: string
  readonly subject: string
  /** Default `api://AzureADTokenExchange`. */
  readonly audience?: string
  /**
   * The issuer's keys (JWK Set); the emulator makes no outgoing requests. Without them the issuer is Entra itself,
   * `https://login.microsoftonline.com/{tenant id}/v2.0`, for which the emulator stands: so an application trusts a managed identity.
   */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
}

/** A delegated permission of an API. */
export interface ExposedScope {
  readonly value: string
  readonly description?: string
  /** Only an administrator can consent; default false. */
  readonly adminOnly?: boolean
  /** A disabled one is as if it were not there, for new tokens; default true. */
  readonly enabled?: boolean
  /** A GUID, by which Microsoft Graph names it; default: one that follows from the names. */
  readonly id?: string
}

/** An application role of an API. */
export interface AppRole {
  readonly value: string
  readonly description?: string
  /** As {@link ExposedScope.id}. */
  readonly id?: string
}

/** Permissions of one API in a client's registration. */
export interface RequiredResourceAccess {
  /** Application id of the API. */
  readonly resourceId: string
  readonly scopes?: readonly string[]
  readonly roles?: readonly string[]
}

/** The name of an optional claim, or the name with its additional properties. */
export type OptionalClaim =
  string | { readonly name: string; readonly additionalProperties?: readonly string[] }

/** Delegated permissions granted to a client. */
export interface Consent {
  readonly tenantId: string
  /** Application id of the client, or an agent's id. */
  readonly clientId: string
  /** Application id of the API. */
  readonly resourceId: string
  readonly scopes: readonly string[]
  /** Home object id of the user who consented; absent: an administrator consented for everyone. */
  readonly userId?: string
}

/** An application role granted to a user or to an application. */
export interface AppRoleAssignment {
  readonly tenantId: string
  /** Home object id of a user, application id of a client, or an agent's id. */
  readonly principalId: string
  /** Application id of the API. */
  readonly resourceId: string
  readonly role: string
}
