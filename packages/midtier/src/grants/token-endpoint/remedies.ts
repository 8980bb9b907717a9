// What to do about a refusal, by its AADSTS number: words for the owner's log. Nothing branches on them, and no caller sees them.

const consent =
  'grant consent for the scopes (an administrator can for everybody), name this API in preAuthorizedApplications of the downstream API, or list its client in knownClientApplications and let it sign in with {this API}/.default'
const federation =
  'compare issuer, subject and audience of the federated credential of this registration with those of the assertion, letter by letter; with api.agent, check that the agent identity was made from this blueprint, in this tenant'
const scope =
  'ask for scopes that the downstream API defines, of one API at a time, and for .default alone or not at all'
const newSecret =
  'create a new client secret (App registrations, Certificates & secrets), and configure its value, not its id, as clientCredential'
const expiredSecret =
  'make a new client secret, and configure its value: az ad app credential reset --id <client id> --append'
const secondFactor =
  'nothing here: the person satisfies the policy by signing in with the claims of the challenge'
const policy =
  'see the sign-in logs for the Conditional Access policy that refuses, or exempt this application from it'
const resource =
  'check the App ID URI in the scopes, and that the downstream API has a service principal in the tenant of the user'
const disabled = 'the downstream API is disabled: enable its service principal'
const concreteTenant = 'name the tenant: the alias common or organizations does not do here'
const signInAgain = 'nothing here: the person signs in again'

/** One row a number, so that a row can be corrected without touching anything else. */
const remedies: ReadonlyMap<number, string> = new Map([
  // The assertion
  [
    50013,
    'nothing, when it ends by itself: a signing key was withdrawn, and callers have to renew their tokens; otherwise send the token that this API received, from the same cloud',
  ],
  [
    500131,
    'let the client ask for a token of this API: scope api://{this API}/…, not one of another API (with agents, the API is the blueprint: never one of an agent); for the user account of an agent, name that agent',
  ],
  [500133, 'let the client renew its token before it calls'],
  [50027, 'send an access token of this API as the assertion'],
  [240002, 'send an access token: an ID token cannot be exchanged'],
  [
    7000114,
    'let a user sign in: an app-only token cannot be exchanged; for the permissions of the application use acquireTokenForClient',
  ],
  // Consent
  [65001, consent],
  [65002, consent],
  [65004, consent],
  [90008, consent],
  [90094, consent],
  [90095, consent],
  [650053, scope],
  [650056, 'add the permissions of the downstream API to this registration (API permissions)'],
  [650057, 'add the permissions of the downstream API to this registration (API permissions)'],
  // Conditional Access
  [50072, secondFactor],
  [50074, secondFactor],
  [50076, secondFactor],
  [50078, secondFactor],
  [50079, secondFactor],
  [50158, secondFactor],
  [50097, policy],
  [50131, policy],
  [53000, policy],
  [53001, policy],
  [53002, policy],
  [53003, policy],
  [53004, policy],
  [530032, policy],
  [530035, policy],
  // Agents
  [
    82014,
    'grant the permissions to the blueprint of the agent, which its agents inherit: consent is not given to an agent itself',
  ],
  // Users and assignments
  [50020, 'invite the user into the tenant, or let them sign in with an account of it'],
  [50034, 'invite the user into the tenant, or let them sign in with an account of it'],
  [51004, 'invite the user into the tenant, or let them sign in with an account of it'],
  [90072, 'invite the user into the tenant, or let them sign in with an account of it'],
  [50055, 'nothing here: the person changes the password'],
  [50057, 'nothing here: the account is disabled'],
  [50105, 'assign the user to the enterprise application, or switch off its "Assignment required"'],
  [
    501051,
    'assign this application to a role of the downstream API, or switch off its "Assignment required"',
  ],
  [50173, signInAgain],
  [70043, signInAgain],
  [50089, signInAgain],
  [50132, signInAgain],
  [50133, signInAgain],
  [70008, signInAgain],
  [700082, signInAgain],
  [700084, signInAgain],
  [50196, 'find the client that asks in a loop: it repeats a request whose answer does not change'],
  // Our own credential
  [7000215, newSecret],
  [7000222, expiredSecret],
  [7000216, 'pass clientCredential: the authority saw none'],
  [7000218, 'pass clientCredential: the authority saw none'],
  [700025, 'register this API as a confidential client (Web, not Mobile and desktop or SPA)'],
  [
    700027,
    'upload the certificate to this registration, or configure the key that belongs to the uploaded one',
  ],
  [700024, 'set the clock of this machine: the client assertion is outside its lifetime'],
  [700021, 'configure the credential of this very application: the assertion names another client id'],
  [70021, federation],
  [700211, federation],
  [700212, federation],
  [700213, federation],
  [700229, 'use a token of an application or a managed identity as the assertion, not one of a user'],
  // The application and its tenant
  [
    700016,
    'check clientId (with api.agent, the id of the agent identity), and that the application has a service principal in the tenant of the user',
  ],
  [700038, 'check clientId: it is not the id of an application'],
  [
    7000112,
    'enable the application (enterprise application, "Enabled for users to sign-in"), or the agent identity that acts',
  ],
  [90002, 'check tenantId: there is no such tenant in this cloud'],
  [900023, 'check tenantId: it is neither a GUID nor a domain'],
  [90019, concreteTenant],
  [50059, concreteTenant],
  [9001023, concreteTenant],
  [90124, concreteTenant],
  [90130, concreteTenant],
  [50194, 'use the tenant of the application, or register it for several tenants'],
  // The downstream API and its scopes
  [500011, resource],
  [50001, resource],
  [500013, resource],
  [500014, disabled],
  [5000224, disabled],
  [70011, scope],
  [28000, scope],
  [28002, scope],
  [28003, scope],
  [700022, scope],
  [
    700023,
    'with invalid_client let the audience of the client assertion be the token endpoint, otherwise name the downstream API in the scopes',
  ],
  [1002012, 'ask for {resource}/.default: an application has no scopes of its own'],
  [90009, 'ask by the GUID of the application: it asks for a token for itself'],
])

/** The remedy for the first number that has one. */
export function findRemedy(errorNumbers: readonly number[]): string | undefined {
  for (const number of errorNumbers) {
    const remedy = remedies.get(number)
    if (remedy !== undefined) return remedy
  }
  return undefined
}
