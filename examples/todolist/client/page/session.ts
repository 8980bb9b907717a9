// Who is signed in, and the access token for the middle tier: unmodified MSAL, by redirects.
import type * as Msal from '@azure/msal-browser'
import type { PageConfiguration } from '../page-configuration.ts'
import type { Need } from './need.ts'

declare global {
  /** What /lib/msal-browser.min.js defines. */
  var msal: typeof Msal
}

/** The access token that the page calls the middle tier with. */
export interface PageToken {
  readonly accessToken: string
  /** False when MSAL has just obtained it from the authority. */
  readonly fromCache: boolean
  readonly durationMs: number
}

/** Whom the page calls: one API, one token. */
export type CalledApi = 'middleTier' | 'assistant'

/** The person has to act at the authority before the call can be made. */
export class InteractionNeeded extends Error {
  readonly need: Need

  constructor(need: Need, detail = '', options?: ErrorOptions) {
    super(detail, options)
    this.name = 'InteractionNeeded'
    this.need = need
  }
}

/** A signed-in person, or nobody. */
export interface Session {
  readonly account: Msal.AccountInfo | undefined
  /** Whether this page was opened by the end of a sign-in, however it ended; false when the person went back or reloaded. */
  readonly returned: boolean
  /** Why the sign-in that led to this page failed, if it did. */
  readonly failure: Error | undefined
  /** Leaves the page for the authority. */
  signIn(): Promise<void>
  /** Leaves the page for the authority, which ends its own session too. */
  signOut(): Promise<void>
  /** Leaves the page so that the person can do what is needed. The authority's log knows the visit by `correlationId`. */
  interact(need: Need, correlationId: string, api: CalledApi): Promise<void>
  /** @throws InteractionNeeded */
  acquireToken(api: CalledApi, options?: { readonly forceRefresh?: boolean }): Promise<PageToken>
}

/** Starts MSAL and finishes a sign-in that is coming back. */
export async function openSession(configuration: PageConfiguration): Promise<Session> {
  const application = await globalThis.msal.createStandardPublicClientApplication(buildOptions(configuration))
  const { returned, failure } = await finishRedirect(application)
  const account = application.getActiveAccount() ?? application.getAllAccounts()[0]
  application.setActiveAccount(account ?? null)
  const scopesFor = (api: CalledApi, what: 'scopes' | 'consentScopes' = 'scopes'): string[] => [
    ...((api === 'assistant' ? configuration.assistant : configuration)?.[what] ?? []),
  ]
  const withAccount = account === undefined ? {} : { account }

  return {
    account,
    returned,
    failure,
    signIn: () => application.loginRedirect({ scopes: scopesFor('middleTier'), prompt: 'select_account' }),
    signOut: () => application.logoutRedirect(withAccount),
    interact: (need, correlationId, api) =>
      application.acquireTokenRedirect({
        ...withAccount,
        correlationId,
        ...(need.kind === 'consent'
          ? { scopes: scopesFor(api, 'consentScopes'), prompt: 'consent' }
          : { scopes: scopesFor(api) }),
        ...(need.kind === 'claims' && { claims: need.claims }),
      }),
    acquireToken: async (api, { forceRefresh = false } = {}) => {
      const startedMs = performance.now()
      try {
        const result = await application.acquireTokenSilent({
          scopes: scopesFor(api),
          forceRefresh,
          ...withAccount,
          redirectUri: `${location.origin}/redirect.html`,
        })
        const { accessToken, fromCache } = result
        return { accessToken, fromCache, durationMs: performance.now() - startedMs }
      } catch (error) {
        if (error instanceof globalThis.msal.InteractionRequiredAuthError)
          throw new InteractionNeeded(needOf(error), '', { cause: error })
        throw error
      }
    },
  }
}

function buildOptions({ clientId, authority, authorityMetadata }: PageConfiguration): Msal.Configuration {
  const home = `${location.origin}/`
  return {
    auth: {
      clientId,
      authority,
      ...(authorityMetadata !== undefined && { authorityMetadata }),
      redirectUri: home,
      postLogoutRedirectUri: home,
      // Tells resources that this client can act on claims challenges.
      clientCapabilities: ['CP1'],
    },
    cache: { cacheLocation: 'sessionStorage' },
  }
}

function needOf({ claims }: Msal.InteractionRequiredAuthError): Need {
  return claims === '' ? { kind: 'sign-in' } : { kind: 'claims', claims }
}

/** Takes the authority's answer out of the address, if there is one; a refusal is for the person to read. */
async function finishRedirect(
  application: Msal.IPublicClientApplication,
): Promise<Pick<Session, 'returned' | 'failure'>> {
  try {
    const result = await application.handleRedirectPromise()
    if (result === null) return { returned: false, failure: undefined }
    application.setActiveAccount(result.account)
    return { returned: true, failure: undefined }
  } catch (error) {
    if (error instanceof globalThis.msal.AuthError) return { returned: true, failure: error }
    throw error
  }
}
