// What the page has to know, as it fetches it from /config.json; nothing in it is secret.
import { defaultDirectory } from '@midtier/emulator'
import type { ClientConfiguration } from '../configuration.ts'
import { clientIds, displayNames, policyIds, tenants } from '../registrations.ts'

/** The page's configuration. */
export interface PageConfiguration {
  readonly clientId: string
  readonly authority: string
  /** For MSAL's option of that name; absent with the real Entra ID. */
  readonly authorityMetadata?: string
  readonly middleTierUrl: string
  readonly todoApiUrl: string
  /** Where the emulator's request log is; absent with the real Entra ID. */
  readonly emulatorUrl?: string
  /** The emulator's policies that the page has switches for. */
  readonly policyIds: Readonly<Record<'mfa' | 'block', string>>
  readonly scopes: readonly string[]
  /** Asks for everything that the registrations of this page and of the middle tier list: the scopes of a combined consent. */
  readonly consentScopes: readonly string[]
  /** The client id that `aud` of a token for the To Do API names. */
  readonly todoApiClientId: string
  readonly displayNames: Readonly<Record<string, string>>
  /** The agent that may be asked; absent with the real Entra ID. */
  readonly assistant?: AssistantConfiguration
  /** People of the emulator to sign in as; empty with the real Entra ID. */
  readonly accounts: readonly SampleAccount[]
}

/** An agent, and what a token for its blueprint takes: clients ask the blueprint, never the agent. */
export interface AssistantConfiguration {
  /** Where it lives: it acts for people of this tenant alone. */
  readonly tenantId: string
  readonly scopes: readonly string[]
  readonly consentScopes: readonly string[]
}

/** A person in the emulator's directory. */
export interface SampleAccount {
  readonly username: string
  readonly displayName: string
  readonly password: string
}

/** Builds the page's configuration. */
export function buildPageConfiguration(configuration: ClientConfiguration): PageConfiguration {
  const { clientId, middleTierUrl, todoApiUrl, emulatorUrl, middleTierScope } = configuration
  return {
    clientId,
    // The value of production: MSAL refuses an http authority, but not http endpoints of one that it knows.
    authority: 'https://login.microsoftonline.com/organizations',
    middleTierUrl,
    todoApiUrl,
    scopes: [middleTierScope],
    consentScopes: [middleTierScope.replace(/[^/]+$/, '.default')],
    todoApiClientId: clientIds.todoApi,
    policyIds,
    displayNames,
    accounts: emulatorUrl === undefined ? [] : sampleAccounts(),
    ...(emulatorUrl !== undefined && {
      ...{ emulatorUrl, assistant, authorityMetadata: buildAuthorityMetadata(emulatorUrl) },
    }),
  }
}

const assistant: AssistantConfiguration = {
  tenantId: tenants.contoso,
  scopes: [`api://${clientIds.blueprint}/access_agent`],
  consentScopes: [`api://${clientIds.blueprint}/.default`],
}

/** MSAL fills in `{tenantid}` with the tenant of each request's authority. */
function buildAuthorityMetadata(origin: string): string {
  return JSON.stringify({
    authorization_endpoint: `${origin}/{tenantid}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/{tenantid}/oauth2/v2.0/token`,
    end_session_endpoint: `${origin}/{tenantid}/oauth2/v2.0/logout`,
    jwks_uri: `${origin}/{tenantid}/discovery/v2.0/keys`,
    issuer: `${origin}/{tenantid}/v2.0`,
  })
}

function sampleAccounts(): readonly SampleAccount[] {
  // An agent's user account has no password: nobody signs in as it.
  return defaultDirectory.users.flatMap(({ username, displayName, password }) =>
    password === undefined ? [] : [{ username, displayName, password }],
  )
}
