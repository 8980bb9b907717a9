// What cures a refusal, by its code: for the person who develops the application, in a sentence.
import type { RequestCheck } from '../../kernel/request-check.ts'
import type { RequestRecord } from '../../kernel/request-log.ts'

const signInAgain = 'Sign the user in again and use the tokens of that sign-in.'
const stepUp =
  'Send the user to authorize with the claims of this answer: the sign-in that follows satisfies it.'
const secret = 'Send a secret of the registration; they are listed under App registrations.'
const clientAssertion = 'Sign the assertion anew, with a registered certificate, for this token endpoint.'
const scopes =
  'Ask for scopes that the API exposes, of one API at a time; App registrations lists what each exposes.'

/** By AADSTS number, or Graph's code. A code that has none is explained by its check alone. */
const cures: ReadonlyMap<number | string, string> = new Map<number | string, string>([
  [50011, 'Register exactly this redirect URI, or send one that is registered.'],
  [50013, 'Send an access token that this emulator issued in this tenant, as it was received.'],
  [50020, 'Sign in with a member or a guest of the tenant, or invite the user as a guest.'],
  [50027, 'Send the access token that your API received as the assertion.'],
  [50034, 'Use a name of the directory; Users lists them.'],
  [50057, 'Enable the user under Users.'],
  [50058, 'Nobody is signed in in this browser: sign in with a page first, without prompt=none.'],
  [50076, stepUp],
  [50079, stepUp],
  [50105, 'Assign the user to a role of the API, or let the API not require an assignment.'],
  [50126, 'Type the password of the user; Users shows it.'],
  [50173, `The sessions of the user were revoked. ${signInAgain}`],
  [50194, 'Use the authority of the application’s own tenant, or register it as multi-tenant.'],
  [53003, 'Signing in again does not help: switch the policy off, or take the user out of it.'],
  [54005, 'A code is good once: start a new sign-in. Something sends the same code twice.'],
  [65001, 'Let the user consent: send them to authorize with these scopes, or grant it here.'],
  [65004, 'The user declined. Ask again, and let them accept.'],
  [70000, 'The refresh token is another client’s. Each client redeems its own.'],
  [70003, 'Use a grant type that the emulator serves.'],
  [70008, `The code is too old. ${signInAgain}`],
  [70011, scopes],
  [70043, signInAgain],
  [70044, signInAgain],
  [16000, 'Several users are signed in: send login_hint, or show the account picker.'],
  [28000, scopes],
  [28003, scopes],
  [240002, 'That is an id_token. Send the access token that was issued for your API.'],
  [500011, 'Name the API by an application ID URI or id that this tenant has.'],
  [500112, 'Send the redirect_uri with which the code was asked for, to the letter.'],
  [500121, 'The user denied the second step. Ask again, and let them approve.'],
  [500131, 'Ask for a token for your own API first, and send that one as the assertion.'],
  [500133, `The assertion is too old, or the clocks differ. ${signInAgain}`],
  [501051, 'Assign a role of the API to the application.'],
  [501481, 'Send the code_verifier whose challenge began this sign-in.'],
  [650053, scopes],
  [700005, 'Redeem the code at the tenant that issued it.'],
  [700007, 'The code is another client’s. Redeem it with the client that asked for it.'],
  [700009, 'Send the redirect_uri with which the code was asked for.'],
  [700016, 'Use the id of an application that this tenant has; App registrations lists them.'],
  [700025, 'The client is registered as public: send no secret and no assertion.'],
  [700023, clientAssertion],
  [700024, clientAssertion],
  [700027, clientAssertion],
  [700038, 'Send the application (client) id, which is a GUID.'],
  [700054, 'Use response_type=code.'],
  [700082, signInAgain],
  [700084, `Refresh tokens of single-page applications last 24 hours. ${signInAgain}`],
  [7000112, 'Enable the application.'],
  [
    7000114,
    'An application token stands for nobody: send a token of a user, or ask with client credentials.',
  ],
  [7000215, secret],
  [7000216, secret],
  [7000218, secret],
  [7000222, 'The secret has expired: add a new one, or move the clock back.'],
  [90002, 'Use the id or a domain of a tenant; Tenants lists them.'],
  [90009, 'Ask for the API that you call, not for yourself.'],
  [90019, 'Name the tenant in the path: common does not say which one.'],
  [90094, 'Let an administrator of the tenant consent.'],
  [900144, 'Send the parameter that is missing.'],
  [9000411, 'Send each parameter once.'],
  [
    9002313,
    'The request cannot be read: it was changed on the way, or belongs to another emulator or an earlier start.',
  ],
  [9002325, 'Single-page applications need PKCE: send code_challenge with S256.'],
  [
    9002326,
    'Register the redirect URI under the platform “spa”, or redeem from a server, without an Origin header.',
  ],
  [
    9002327,
    'Codes of single-page applications are redeemed by the page itself: the request needs its Origin header.',
  ],
  [9010010, 'Let resource be an application ID URI of the API that the scopes are of, or leave it out.'],
  ['Authorization_RequestDenied', 'Ask for the permission that is expected, and let it be consented to.'],
  [
    'InvalidAuthenticationToken',
    'Send a token for Microsoft Graph that is in its time; ask for one if it was for another API.',
  ],
])

/** What to do about a refusal; empty when nothing is known. */
export function cureOf({ error = [] }: RequestRecord, stopped: RequestCheck | undefined): string {
  if (stopped?.name === 'fault') return 'A fault did this: switch it off under Faults.'
  const [code] = error
  return (code === undefined ? undefined : cures.get(code)) ?? ''
}
