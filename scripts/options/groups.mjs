// What docs/options.md has, in its order: interfaces of options by the names that users give them, and the commands.

const of = (title, name) => ({ title, name })

export const groups = [
  {
    heading: 'createWebApi',
    intro:
      'Options of `createWebApi` for Entra: [Validating tokens](validating-tokens.md), [Acquiring tokens](acquiring-tokens.md).',
    of: [of('createWebApi', 'WebApiOptions')],
  },
  {
    heading: 'Another issuer than Entra',
    intro:
      'With `authority`: [Token exchange without Entra](acquiring-tokens.md#token-exchange-without-entra). Options that are not here are those above.',
    of: [of('createWebApi with authority', 'OpenIdWebApiOptions'), of('authority', 'OpenIdIssuerOptions')],
  },
  {
    heading: 'Options of options',
    intro: 'Members of the options above, by their names there.',
    of: [
      of('downstreamApis', 'DownstreamApiOptions'),
      of('downstreamApis, with authority', 'OpenIdDownstreamApiOptions'),
      of('tokenCache', 'TokenCacheOptions'),
      of('tokenCache.keyRing', 'KeyRingOptions'),
      of('longRunning', 'LongRunningOptions'),
      of('resilience', 'ResilienceOptions'),
      of('revocations', 'RevocationOptions'),
      of('signingKeys', 'SigningKeysOptions'),
      of('resource', 'ResourceOptions'),
      of('additionalRegistrations, of Entra', 'EntraRegistrationOptions'),
      of('additionalRegistrations, of another issuer', 'OpenIdRegistrationOptions'),
    ],
  },
  {
    heading: 'Requirements of a route',
    intro:
      'What `protect(api, requirements)` and `api.authenticate` take: [Validating tokens](validating-tokens.md).',
    of: [of('requirements', 'RequirementsOf')],
  },
  {
    heading: 'Tokens and calls',
    intro:
      'What a single call takes: [Acquiring tokens](acquiring-tokens.md), [Calling APIs](calling-apis.md).',
    of: [
      of('acquireToken, acquireTokenSilent, acquireTokenOnBehalfOf', 'AcquireOptions'),
      of('acquireTokenForClient, beside those', 'AcquireForClientOptions'),
      of('longRunning.acquire, beside those', 'ContinueOptions'),
      of('downstream(name).getJson and the like', 'DownstreamCallOptions'),
      of('reading calls, beside those', 'DownstreamReadOptions'),
      of('api.application', 'ApplicationOptions'),
      of('api.agent', 'AgentOptions'),
      of('api.revocations', 'RevokeOptions'),
    ],
  },
  {
    heading: 'Adapters',
    intro:
      'What their functions take beside an API and requirements; an adapter that is not named has no options of its own.',
    of: [
      of('serveHealth', 'ServeHealthOptions'),
      of('sendResponse', 'SendResponseOptions'),
      of('whenExpired of midtier/websocket', 'WhenExpiredOptions'),
      of('protectMcp', 'McpOptions'),
      of('protectMcp, for a tool', 'ToolRequirements'),
      of('renderErrors of midtier/mcp', 'RenderErrorsOptions'),
      of('MidtierModule.forRootAsync of midtier/nest', 'MidtierAsyncOptions'),
    ],
  },
  {
    heading: 'Client credentials',
    intro: 'What the API proves itself with: [Client credentials](client-credentials.md).',
    of: [
      of('clientCertificate', 'ClientCertificateOptions'),
      of('clientCertificateFile', 'ClientCertificateFileOptions'),
      of('clientSigner', 'ClientSignerOptions'),
      of('clientAssertion', 'ClientAssertionOptions'),
      of('federatedTokenFile', 'FederatedTokenFileOptions'),
      of('createManagedIdentity', 'ManagedIdentityOptions'),
      of('federatedManagedIdentity', 'FederatedManagedIdentityOptions'),
      of('appServiceEndpoint', 'AppServiceEndpointOptions'),
    ],
  },
  {
    heading: 'Stores',
    intro: 'Of `midtier/redis`, `midtier/postgres`, `midtier/keyv`: [Caching tokens](caching-tokens.md).',
    of: [
      of('redisStore', 'RedisStoreOptions'),
      of('postgresStore', 'PostgresStoreOptions'),
      of('keyvStore', 'KeyvStoreOptions'),
    ],
  },
  {
    heading: 'SDKs and telemetry',
    intro: '[Graph and Azure](graph-and-azure.md), [OpenTelemetry](telemetry.md).',
    of: [
      of('what is bound to a request', 'RequestBoundOptions'),
      of('midtier/graph, beside those', 'GraphOptions'),
      of('Kiota, beside those', 'GraphAccessTokenOptions'),
      of('applicationTokenCredential', 'ApplicationTokenCredentialOptions'),
      of('openTelemetry', 'OpenTelemetryOptions'),
    ],
  },
  {
    heading: 'Tests and registrations',
    intro: '[Testing without an emulator](testing.md), [Registrations as code](registrations.md).',
    of: [
      of('createFakeWebApi', 'FakeWebApiOptions'),
      of('its downstreamApis', 'FakeDownstreamApiOptions'),
      of('emulatorDirectory', 'EmulatorDirectoryOptions'),
    ],
  },
  {
    heading: 'The emulator',
    intro: '[The emulator](emulator.md), and [connecting clients](connecting-clients.md).',
    of: [of('createEmulator', 'EmulatorOptions'), of('emulator.registration', 'RegistrationOptions')],
  },
  {
    heading: 'The sidecar',
    intro: 'For programs that start one; its settings are [on its page](sidecar.md#settings).',
    of: [of('startSidecar', 'SidecarOptions')],
  },
]

const midtier = 'packages/midtier/dist/esm/midtier.js'

/** Each with how to have its help printed, and what it says by how it ends. */
export const commands = [
  {
    title: 'midtier explain',
    program: midtier,
    args: ['--help'],
    codes: ['accepted', 'refused', 'wrong usage', 'undecided', 'failed itself'],
  },
  {
    title: 'midtier doctor',
    program: midtier,
    args: ['doctor', '--help'],
    codes: { 0: 'sound', 1: 'something failed', 2: 'wrong usage', 4: 'failed itself' },
  },
  {
    title: 'midtier registration',
    program: midtier,
    args: ['registration', '--help'],
    codes: { 0: 'done, no difference', 1: 'differences', 2: 'wrong usage', 4: 'failed itself' },
  },
  {
    title: 'midtier plan',
    program: midtier,
    args: ['plan', '--help'],
    codes: { 0: 'done', 2: 'wrong usage', 4: 'failed itself' },
  },
  {
    title: 'midtier-emulator',
    program: 'packages/emulator/dist/esm/bin.js',
    args: ['--help'],
    codes: ['stopped, or done; `doctor`: all is well', 'not started, or not done; `doctor`: found something', '`doctor`: nothing to examine'],
  },
  {
    title: 'midtier-sidecar',
    program: 'packages/sidecar/dist/esm/bin.js',
    args: ['--help'],
    codes: ['stopped by a signal', 'not started: a setting, an argument or an address'],
  },
] // prettier-ignore
