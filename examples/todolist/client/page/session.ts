// Who is signed in, and the access token for the middle tier: unmodified MSAL, by redirects.
import type * as Msal from '@azure/msal-browser'
import type { PageConfiguration } from '../page-configuration.ts'

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

/** The person has to act at the authority before the call can be made. */
export class InteractionNeeded extends Error {
  /** Claims request (JSON text) that the sign-in has to satisfy. */
  readonly claims: string | undefined

  constructor(claims: string | undefined, detail = '', options?: ErrorOptions) {
    super(detail, options)
    this.name = 'InteractionNeeded'
    this.claims = claims
  }
}

/** A signed-in person, or nobody. */
export interface Session {
  readonly account: Msal.AccountInfo | undefined
  /** Why the sign-in that led to this page failed, if it did. */
  readonly failure: Error | undefined
  /** Leaves the page for the authority. */
  signIn(): Promise<void>
  /** Leaves the page for the authority, which ends its own session too. */
  signOut(): Promise<void>
  /** Leaves the page so that the person can do what the authority asks for. */
  interact(claims: string | undefined): Promise<void>
  /** @throws InteractionNeeded */
  acquireToken(options?: { readonly forceRefresh?: boolean }): Promise<PageToken>
}

/** Starts MSAL and finishes a sign-in that is coming back. */
export async function openSession(configuration: PageConfiguration): Promise<Session> {
  const application = await globalThis.msal.createStandardPublicClientApplication(buildOptions(configuration))
  const failure = await finishRedirect(application)
  const account = application.getActiveAccount() ?? application.getAllAccounts()[0]
  application.setActiveAccount(account ?? null)
  const scopes = [...configuration.scopes]
  const withAccount = account === undefined ? {} : { account }

  return {
    account,
    failure,
    signIn: () => application.loginRedirect({ scopes, prompt: 'select_account' }),
    signOut: () => application.logoutRedirect(withAccount),
    interact: (claims) =>
      application.acquireTokenRedirect({ scopes, ...withAccount, ...(claims !== undefined && { claims }) }),
    acquireToken: async ({ forceRefresh = false } = {}) => {
      const startedMs = performance.now()
      try {
        const result = await application.acquireTokenSilent({
          scopes,
          forceRefresh,
          ...withAccount,
          redirectUri: `${location.origin}/redirect.html`,
        })
        const { accessToken, fromCache } = result
        return { accessToken, fromCache, durationMs: performance.now() - startedMs }
      } catch (error) {
        if (error instanceof globalThis.msal.InteractionRequiredAuthError)
          throw new InteractionNeeded(error.claims === '' ? undefined : error.claims, '', { cause: error })
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

/** Takes the authority's answer out of the address, if there is one; a refusal is for the person to read. */
async function finishRedirect(application: Msal.IPublicClientApplication): Promise<Error | undefined> {
  try {
    const result = await application.handleRedirectPromise()
    if (result?.account !== undefined) application.setActiveAccount(result.account)
    return undefined
  } catch (error) {
    if (error instanceof globalThis.msal.AuthError) return error
    throw error
  }
}
