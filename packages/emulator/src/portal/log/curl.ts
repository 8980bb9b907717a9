// A request as a command: what was masked stands as a variable of the shell, and an assertion is minted first.
import type { RequestRecord } from '../../kernel/request-log.ts'
import { mintRequestOf } from './mint-request.ts'

/** The command. `origin` is where the emulator is reached. */
export function curlOf(record: RequestRecord, origin: string): string {
  const { method, path, parameters = {}, endpoint, headers } = record
  const url = `${origin}${path}`
  const minted = mintRequestOf(record)
  const mintLines =
    minted === undefined
      ? []
      : [
          `TOKEN=$(curl -s ${quote(`${origin}/_emulator/mint`)} -H 'content-type: application/json' \\`,
          `  -d ${quote(JSON.stringify(minted))} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
        ]
  const post = method === 'GET' ? '' : ` -X ${quote(method)}`
  if (endpoint === 'graph' || endpoint === 'userinfo')
    return [
      ...mintLines,
      `curl -i ${quote(url + queryOf(parameters))}${post} -H "authorization: Bearer $TOKEN"`,
    ].join('\n')
  if (method === 'GET') return `curl -i ${quote(url + queryOf(parameters))}`
  const fields = Object.entries(parameters).map(([name, value]) => field(name, value))
  const origins = headers?.['origin'] === undefined ? [] : [`-H ${quote(`origin: ${headers['origin']}`)}`]
  // What has data is posted; without any, curl would get.
  const command = `curl -i ${quote(url)}${fields.length === 0 ? post : ''}`
  return [...mintLines, [command, ...origins, ...fields].join(' \\\n  ')].join('\n')
}

// curl encodes the value and takes the name as it is. A value with control characters stands encoded: some terminals obey them when pasted.
function field(name: string, value: string): string {
  if (name === 'assertion') return '--data-urlencode "assertion=$TOKEN"'
  if (value.startsWith('•••'))
    return `--data-urlencode ${quote(encode(name, ''))}"$${name.toUpperCase().replaceAll(/\W/g, '_')}"`
  return /\p{Cc}/u.test(value)
    ? `--data ${quote(encode(name, value))}`
    : `--data-urlencode ${quote(encode(name, '') + value)}`
}

function encode(name: string, value: string): string {
  return new URLSearchParams([[name, value]]).toString()
}

function queryOf(parameters: Readonly<Record<string, string>>): string {
  const shown = Object.entries(parameters).filter(([, value]) => !value.startsWith('•••'))
  const query = new URLSearchParams(shown).toString()
  return query === '' ? '' : `?${query}`
}

// What a request holds is somebody else's choice: nothing of it may become a command.
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
