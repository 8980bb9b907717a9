// The command line of midtier-sidecar.
import { parseArgs } from 'node:util'

const usage = `Usage: midtier-sidecar [--port <port>] [--config <file>]

Settings are those of Microsoft.Identity.Web, as environment variables or in appsettings.json:
  AzureAd__TenantId, AzureAd__ClientId, AzureAd__ClientCredentials__0__SourceType, …
  DownstreamApis__graph__BaseUrl, DownstreamApis__graph__Scopes__0, …

  --port <port>     port on 127.0.0.1 (default: ASPNETCORE_URLS, PORT, ASPNETCORE_HTTP_PORTS, otherwise 8080)
  --config <file>   settings file instead of appsettings.json in the working folder
  --help            this text

Exit codes:
  0  stopped by a signal
  1  not started: a setting, an argument or an address
`

/** What the command was asked for. */
export type Command =
  | { readonly kind: 'usage'; readonly text: string }
  | { readonly kind: 'mistake'; readonly text: string }
  | { readonly kind: 'start'; readonly config: string | undefined; readonly port: string | undefined }

export function readCommandLine(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return { kind: 'usage', text: usage }
    return { kind: 'start', config: values.config, port: values.port }
  } catch (error) {
    return { kind: 'mistake', text: error instanceof Error ? error.message : 'The arguments are not known' }
  }
}
