// What a developer can do about an AADSTS code, in a sentence or two of our own.

const advice: Readonly<Record<number, string>> = {
  50011:
    'Register exactly this redirect URI, or send one that is registered: scheme, host, path and the slash at the end count, and the port, too, except for localhost.',
  50013: 'Send as assertion the access token that came with the request, unchanged, from the same authority.',
  50034: 'Sign in as a user of the directory, or add the user.',
  50057: 'Enable the user.',
  50076:
    'Send the user to sign in again with the claims of the error: the session then gets its second step.',
  50079: 'Send the user to sign in again with the claims of the error, to register a second step.',
  50126: 'Type the password of the account; it is on the page of the user.',
  50173: 'The sessions of the user were revoked: let the user sign in again.',
  50194: 'Send the request to the tenant of the application, or let accounts of any tenant sign in to it.',
  53003: 'A policy blocks this sign-in. Nothing that the client sends helps: switch the policy off.',
  65001: 'Let the user, or an administrator, consent to the permissions that are asked for.',
  70043: 'The sign-in is older than a policy allows: let the user sign in again.',
  70011: 'Ask for scopes that the API exposes, or for its /.default alone.',
  90002: 'Put the id or a domain of a tenant of the directory into the authority.',
  500011: 'Name the API by its id or by one of its application ID URIs, in a tenant that has it.',
  500113: 'Register the redirect URI that the application sends.',
  500131: 'The assertion is for another API: exchange the token that was issued for this one.',
  500133:
    'The assertion has expired: let the client send a fresh token. The clock of the emulator may have been moved.',
  650053: 'Ask for a scope that the API exposes, or add the scope to its registration.',
  700016: 'Register an application of this id, or send the id of one that is in the tenant.',
  700054: 'Ask for response_type=code: this registration allows no tokens from the authorization endpoint.',
  900023: 'Put the id or a domain of a tenant of the directory into the authority.',
  900144: 'Send the parameter that is missing.',
  7000215: 'Send a secret of this registration as it was shown, not its id; secrets expire.',
  7000222: 'The secret has expired by the clock of the emulator: add a new one.',
  9002325: 'Send code_challenge and code_challenge_method=S256: a single-page application needs PKCE.',
}

/** What to do about a code; `undefined` when there is nothing to say beyond its message. */
export function adviceFor(code: number): string | undefined {
  return advice[code]
}

/** A message of the table without the values of a request. */
export function withoutValues(message: string): string {
  return message.replaceAll(/'?\{\w+\}'?/g, '…')
}
