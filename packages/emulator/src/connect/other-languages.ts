// Settings of MSAL in other languages, all of them over https with the emulator's CA.
import type { Connection } from './connection.ts'
import { httpsAuthority, trustLines } from './https-authority.ts'
import { defaultScope, scopesOf } from './javascript.ts'
import { inDoubleQuotes as quote, inShell } from './quote.ts'

/** MSAL Python. */
export function msalPython(connection: Connection): string {
  const { clientId, clientSecret } = connection
  const https = httpsAuthority(connection, 'msal-python')
  const isConfidential = clientSecret !== undefined
  return [
    ...trustLines('#', 'REQUESTS_CA_BUNDLE', connection, https),
    'import msal',
    '',
    `app = msal.${isConfidential ? 'Confidential' : 'Public'}ClientApplication(`,
    `    ${quote(clientId)},`,
    ...(isConfidential ? [`    client_credential=${quote(clientSecret)},`] : []),
    `    authority=${quote(https.authority)},`,
    '    instance_discovery=False,',
    ')',
    isConfidential
      ? `result = app.acquire_token_for_client(scopes=[${quote(defaultScope(connection))}])`
      : `result = app.acquire_token_interactive(scopes=[${scopesOf(connection).map(quote).join(', ')}])`,
    'print(result.get("access_token") or result)',
  ].join('\n')
}

/** MSAL4J. */
export function msal4j(connection: Connection): string {
  const { clientId, clientSecret } = connection
  const https = httpsAuthority(connection, 'msal4j')
  const isConfidential = clientSecret !== undefined
  const store = '-keystore midtier-emulator.p12 -storetype PKCS12 -storepass changeit'
  const trust =
    connection.httpsOrigin === undefined
      ? []
      : [
          ...https.fetchCa.map((line) => `// Once: ${line}`),
          `// Once: keytool -importcert -noprompt -alias midtier-emulator -file ${inShell(https.ca)} ${store}`,
          '// Start with -Djavax.net.ssl.trustStore=midtier-emulator.p12 -Djavax.net.ssl.trustStorePassword=changeit',
        ]
  const name = isConfidential ? 'ConfidentialClientApplication' : 'PublicClientApplication'
  const credential = isConfidential
    ? `, ClientCredentialFactory.createFromSecret(${quote(clientSecret)})`
    : ''
  return [
    ...trust,
    'import com.microsoft.aad.msal4j.*;',
    'import java.util.Set;',
    '',
    `${name} app = ${name}`,
    `    .builder(${quote(clientId)}${credential})`,
    `    .authority(${quote(`${https.authority}/`)})`,
    '    .validateAuthority(false)',
    '    .instanceDiscovery(false)',
    '    .build();',
    ...(isConfidential
      ? [
          `var parameters = ClientCredentialParameters.builder(Set.of(${quote(defaultScope(connection))})).build();`,
          'System.out.println(app.acquireToken(parameters).join().accessToken());',
        ]
      : []),
  ].join('\n')
}

/** MSAL.NET. */
export function msalNet(connection: Connection): string {
  const { clientId, clientSecret } = connection
  const https = httpsAuthority(connection, 'msal.net')
  const isConfidential = clientSecret !== undefined
  const name = isConfidential ? 'ConfidentialClientApplicationBuilder' : 'PublicClientApplicationBuilder'
  return [
    ...trustLines('//', 'SSL_CERT_FILE', connection, https),
    ...(connection.httpsOrigin === undefined
      ? []
      : ["// On Windows and macOS: add the file to the user's trusted root certificates."]),
    'using Microsoft.Identity.Client;',
    '',
    `var app = ${name}.Create(${quote(clientId)})`,
    ...(isConfidential ? [`    .WithClientSecret(${quote(clientSecret)})`] : []),
    `    .WithAuthority(${quote(https.authority)}, validateAuthority: false)`,
    '    .WithInstanceDiscovery(false)',
    '    .Build();',
    ...(isConfidential
      ? [
          `var result = await app.AcquireTokenForClient(new[] { ${quote(defaultScope(connection))} }).ExecuteAsync();`,
          'Console.WriteLine(result.AccessToken);',
        ]
      : []),
  ].join('\n')
}
