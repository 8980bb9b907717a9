// The clients, in the order of the table.
import { msalBrowser } from '../browser/msal-browser.ts'
import type { Client } from '../client.ts'
import { authJs } from './auth-core.ts'
import { azureIdentity } from './azure-identity.ts'
import { curlItself } from './curl.ts'
import { expressBearer } from './express-oauth2-jwt-bearer.ts'
import { midtierItself } from './midtier.ts'
import { msalNode } from './msal-node.ts'
import { msalPython } from './msal-python.ts'
import { oauth4webapi } from './oauth4webapi.ts'
import { oidcClientTs } from './oidc-client-ts.ts'
import { openidClient } from './openid-client.ts'
import { simpleOauth2 } from './simple-oauth2.ts'

export const clients: readonly Client[] = [
  ...[msalNode, msalBrowser, msalPython, azureIdentity, midtierItself, openidClient],
  ...[oauth4webapi, oidcClientTs, authJs, simpleOauth2, expressBearer, curlItself],
]

/** Those that need something of the machine, and so have a test file that is left out where it is missing. */
export const elsewhere: readonly Client[] = [msalBrowser, msalPython]
