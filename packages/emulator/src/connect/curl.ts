// Settings for curl: a token of the application itself where it holds a secret, and one for a user without a sign-in.
import type { Connection } from './connection.ts'
import { caFileOf } from './https-authority.ts'
import { inComment, inShell } from './quote.ts'
import { defaultScope } from './javascript.ts'

/** Commands for a shell. */
export function curl(connection: Connection): string {
  const { origin, tenantId, clientId, clientSecret, userToken } = connection
  const ca = connection.ca && caFileOf(connection.ca)
  const command = ca === undefined ? 'curl -s' : `curl -s --cacert ${inShell(ca.path)}`
  const forApplication =
    clientSecret === undefined
      ? []
      : [
          '# A token of the application itself',
          `${command} ${inShell(`${origin}/${tenantId}/oauth2/v2.0/token`)} \\`,
          `  -d grant_type=client_credentials -d client_id=${clientId} \\`,
          `  --data-urlencode ${inShell(`client_secret=${clientSecret}`)} \\`,
          `  --data-urlencode ${inShell(`scope=${defaultScope(connection)}`)}`,
          '',
        ]
  return [
    ...(ca?.fetch ?? []),
    ...forApplication,
    `# A token ${userToken.user === undefined ? '' : `for ${inComment(userToken.user)} `}without a sign-in`,
    `${command} ${inShell(`${origin}/_emulator/mint`)} -H 'content-type: application/json' \\`,
    `  -d ${inShell(JSON.stringify(userToken))}`,
  ].join('\n')
}
