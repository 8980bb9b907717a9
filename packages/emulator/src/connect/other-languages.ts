// Settings of MSAL in other languages, all of them over https with the emulator's CA.
import type { Connection } from './connection.ts'
import { caFileOf, httpsAuthority, trustLines } from './https-authority.ts'
import { defaultScope, scopesOf } from './javascript.ts'
import { inDoubleQuotes as quote, inShell } from './quote.ts'

/** MSAL Python. */
export function msalPython(connection: Connection): string {
  const { clientId, clientSecret } = connection
  const authority = httpsAuthority(connection, 'msal-python')
  const isConfidential = clientSecret !== undefined
  return [
    ...trustLines('#', 'REQUESTS_CA_BUNDLE', connection),
    'import msal',
    '',
    `app = msal.${isConfidential ? 'Confidential' : 'Public'}ClientApplication(`,
    `    ${quote(clientId)},`,
    ...(isConfidential ? [`    client_credential=${quote(clientSecret)},`] : []),
    `    authority=${quote(authority)},`,
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
  const authority = httpsAuthority(connection, 'msal4j')
  const isConfidential = clientSecret !== undefined
  const store = '-keystore midtier-emulator.p12 -storetype PKCS12 -storepass changeit'
  const ca = connection.ca && caFileOf(connection.ca)
  const trust =
    ca === undefined
      ? []
      : [
          ...ca.fetch.map((line) => `// Once: ${line}`),
          `// Once: keytool -importcert -noprompt -alias midtier-emulator -file ${inShell(ca.path)} ${store}`,
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
    `    .authority(${quote(`${authority}/`)})`,
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
  const authority = httpsAuthority(connection, 'msal.net')
  const isConfidential = clientSecret !== undefined
  const name = isConfidential ? 'ConfidentialClientApplicationBuilder' : 'PublicClientApplicationBuilder'
  return [
    ...trustLines('//', 'SSL_CERT_FILE', connection),
    ...(connection.ca === undefined
      ? []
      : ["// On Windows and macOS: add the file to the user's trusted root certificates."]),
    'using Microsoft.Identity.Client;',
    '',
    `var app = ${name}.Create(${quote(clientId)})`,
    ...(isConfidential ? [`    .WithClientSecret(${quote(clientSecret)})`] : []),
    `    .WithAuthority(${quote(authority)}, validateAuthority: false)`,
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
