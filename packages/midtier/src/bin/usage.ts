// What --help prints; no line is longer than 80 characters.
import type { CommandName } from './command-line.ts'

const usage = `Usage: midtier explain --tenant <id> --client-id <id> [options] < token
       midtier doctor [module] [options]   (midtier doctor --help)
       midtier registration <what> <file>   (midtier registration --help)
       midtier plan [options]   (midtier plan --help)

Says why an access token is accepted or refused: what failed, what was expected,
what came, and the likely mistake. The output is safe to paste: no token, and
claims that may tell about a person are masked.

  --tenant <id>          tenant of the API: GUID, domain, organizations, common
  --client-id <id>       application (client) id of the API
  --instance <url>       authority (default https://login.microsoftonline.com/)
  --audience <aud>       also accepted as aud; repeatable
  --resource <url>       of an MCP server, as its clients name it: says also
                         what Entra would refuse them for
  --allowed-tenant <id>  tenant that may call; repeatable (default with
                         organizations and common: any)
  --scope <name>         scope that the route demands; repeatable, one is
                         enough
  --role <name>          app role that the route demands; repeatable, one is
                         enough
  --all                  lists the checks that passed too
  --json                 prints everything as JSON, for programs
  -v, --version          prints the version
  -h, --help             prints this

The token is read from standard input, or asked for and not shown. Never give it
as an argument: those stay in the history of the shell and show in the list of
processes. With the token on the clipboard:

  macOS       pbpaste | midtier explain …
  Linux       xclip -o -selection clipboard | midtier explain …   (or wl-paste)
  PowerShell  Get-Clipboard | midtier explain …

Exit codes:
  0  accepted
  1  refused
  2  wrong usage: an option, or no token came
  3  undecided: the authority gave no keys to verify the signature with
  4  midtier itself failed

Colour is for terminals alone, and off when NO_COLOR is set (no-color.org).
`

const doctorUsage = `Usage: midtier doctor [module] [options]

Says what is wrong with the set-up of an API, and the one step that mends it.
It asks the authority, the store and, with a token for it, Microsoft Graph. The
output is safe to paste: no token, no secret, no name of a person.

  [module]               exports the API, or the options of createWebApi;
                         without one, the options below, or AZURE_TENANT_ID and
                         the other variables of the Azure SDKs, which hold the
                         credential
  --tenant <id>          tenant of the API: GUID, domain, organizations, common
  --client-id <id>       application (client) id of the API
  --instance <url>       authority (default https://login.microsoftonline.com/)
  --audience <aud>       also accepted as aud; repeatable
  --allowed-tenant <id>  tenant that may call; repeatable
  --resource <url>       of an MCP server, as its clients name it
  --scope <name>         scope that a route demands; repeatable
  --role <name>          app role that a route demands; repeatable
  --url <url>            where clients reach the running MCP server: compares
                         the metadata that it serves
  --user-token           reads a user's access token for the API from standard
                         input, or asks for it, and exchanges it for real
  --sign-in <client id>  signs a person in for that token, by a code: the client
                         has to allow public client flows
  --graph-url <url>      Microsoft Graph (default: that of the cloud)
  --all                  lists the checks that passed or were skipped too
  --json                 prints the findings as JSON, for programs
  -v, --version          prints the version
  -h, --help             prints this

What the registration says is looked at with a token for Microsoft Graph:

  export MIDTIER_GRAPH_TOKEN=$(az account get-access-token \\
    --resource-type ms-graph --query accessToken -o tsv)

Exit codes:
  0  sound: nothing failed (there may be warnings)
  1  something failed
  2  wrong usage: an option, or a module that cannot be loaded, is still loading
     after 30 seconds, or ends the process
  4  midtier itself failed, or the module beside it
`

const registrationUsage = `Usage: midtier registration script|bicep|diff <file> [options]

Makes of a file of registrations what a tenant is to be told, or says what the
tenant has otherwise. The file is a module that exports
defineRegistrations({ … }) of midtier/registration.

  script                 prints a script of Azure CLI commands, for bash
  bicep                  prints a template for the Microsoft Graph extension
  diff                   compares with the tenant, with the token for Microsoft
                         Graph that is in MIDTIER_GRAPH_TOKEN
  --graph-url <url>      Microsoft Graph
                         (default https://graph.microsoft.com/v1.0)
  --json                 prints the differences as JSON, for programs
  -v, --version          prints the version
  -h, --help             prints this

Exit codes:
  0  done; diff: there is no difference
  1  diff: there are differences
  2  wrong usage: an option, or a file that cannot be loaded or meant
  4  midtier itself failed
`

const planUsage = `Usage: midtier plan [options]

Says what a number of users ask of processes, Redis and the authority at the
busiest time, what losses cost, and what to set. It asks nobody: all of it is
reckoned from what was measured and from what is said here. The answer ends with
everything that was assumed. docs/scaling.md says how it is reckoned.

  --users <n>                 people who use the API on a day (10000)
  --sessions-per-day <n>      of each (2)
  --session-minutes <n>       how long one lasts (30)
  --requests-per-minute <n>   of each session (2)
  --requests-per-second <n>   of all at the busiest time, in its place
  --at-once <n>               requests that a page sends at the same moment (1)
  --peak <n>                  the busiest time, as a multiple of the mean (3)
  --skew <0-0.7>              how unequal people are: 0 all alike (0.5)
  --downstream-apis <n>       that a session calls (2)
  --client-token-minutes <n>  how long a client uses a token (70); with Continuous
                              Access Evaluation up to 1680
  --token-lifetime <minutes>  of tokens for downstream APIs (75), 1680 likewise
  --token-bytes <n>           of an access token (1800)
  --processes <n>             of all regions together (4)
  --regions <n>               each with a store of its own (1)
  --sticky                    a session stays with one process
  --store redis|none          what processes share (redis)
  --max-entries <n>           tokenCache.maxEntries (50000)
  --max-bytes <n>             tokenCache.maxBytes (134217728)
  --exchange-ms <n>           how long the authority takes (200)
  --authority-limit <n>       exchanges a second before it throttles (not known)
  --cpu-per-request <us>      processor time of a request with its handler (143)
  --json                      prints the plan as JSON, for programs
  -v, --version               prints the version
  -h, --help                  prints this

Exit codes:
  0  done
  2  wrong usage: an option
  4  midtier itself failed
`

/** By command. */
export const usages: Readonly<Record<CommandName, string>> = {
  explain: usage,
  doctor: doctorUsage,
  registration: registrationUsage,
  plan: planUsage,
}
