// What --help prints; no line is longer than 80 characters.

export const usage = `Usage: midtier explain --tenant <id> --client-id <id> [options] < token

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
