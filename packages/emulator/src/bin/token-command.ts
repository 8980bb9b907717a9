// `midtier-emulator token`: a token from an emulator that runs, for curl.
import { parseArgs } from 'node:util'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { isObject } from '../kernel/base64url.ts'
import { ask, defaultUrl } from './ask.ts'

/** How it is used, for the help of the command. */
export const tokenUsage = `Usage: midtier-emulator token [user] --client <app> --audience <app> [options]

Prints an access token of an emulator that runs, without a sign-in:

  curl -H "authorization: Bearer $(npx midtier-emulator token alice@contoso.onmicrosoft.com \\
    --client <id> --audience <id> --scope access_as_user)" http://localhost:3000/todos

  [user]               user name or object id; without one the token is the application's own
  --client <app>       application that the token is issued to: its id or its display name
  --audience <app>     API that it is for: its id, application ID URI or display name
  --scope <name>       delegated scope; may be given more than once
  --role <name>        application role; may be given more than once (default: those that are assigned)
  --lifetime=<seconds> from now; negative, as in --lifetime=-60: it is over (default: as issued)
  --mfa                the user went through the second step
  --listener <name>    http or https, of an emulator that has both: the one that the API was pointed at (default https)
  --url <origin>       where the emulator is (default http://localhost:8444)
`

const flags = {
  client: { type: 'string' },
  audience: { type: 'string' },
  scope: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  lifetime: { type: 'string' },
  mfa: { type: 'boolean' },
  listener: { type: 'string' },
  url: { type: 'string' },
} as const

/** The token. @throws {EmulatorOptionsError} naming the option that is wrong, or that no emulator answers. */
export async function fetchToken(args: readonly string[]): Promise<string> {
  const { values, positionals } = parse(args)
  const url = values.url ?? defaultUrl
  const [user, ...more] = positionals
  if (more.length > 0) throw new EmulatorOptionsError('token', `one user, not ${String(positionals.length)}`)
  const applications = await readApplications(url)
  const request = {
    ...(user !== undefined && { user }),
    client: findId(applications, '--client', values.client),
    audience: findId(applications, '--audience', values.audience),
    ...(values.scope !== undefined && { scopes: values.scope }),
    ...(values.role !== undefined && { roles: values.role }),
    ...(values.lifetime !== undefined && { lifetimeSeconds: readSeconds(values.lifetime) }),
    ...(values.listener !== undefined && { listener: values.listener }),
    ...(values.mfa === true && { amr: ['pwd', 'mfa'] }),
  }
  const { token, error } = await ask(url, '/_emulator/mint', request)
  if (typeof token === 'string') return token
  throw new EmulatorOptionsError('token', typeof error === 'string' ? error : 'the emulator gave none')
}

type Parsed = ReturnType<typeof parseArgs<{ options: typeof flags; allowPositionals: true }>>

function parse(args: readonly string[]): Parsed {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: true })
  } catch (error) {
    if (error instanceof TypeError) throw new EmulatorOptionsError('command line', error.message)
    throw error
  }
}

interface Named {
  readonly id: string
  readonly displayName: string
}

async function readApplications(url: string): Promise<readonly Named[]> {
  const { applications, agentIdentities } = await ask(url, '/_emulator/directory')
  return [applications, agentIdentities].flatMap((list) => (Array.isArray(list) ? list.filter(isNamed) : []))
}

function isNamed(value: unknown): value is Named {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['displayName'] === 'string'
}

/** By display name, or whatever it is called: the emulator knows ids and application ID URIs. */
function findId(applications: readonly Named[], option: string, wanted: string | undefined): string {
  if (wanted === undefined) throw new EmulatorOptionsError(option, 'is missing; see midtier-emulator --help')
  const found = applications.filter(({ displayName }) => displayName.toLowerCase() === wanted.toLowerCase())
  if (found.length > 1)
    throw new EmulatorOptionsError(option, `several applications are called "${wanted}": give its id`)
  return found[0]?.id ?? wanted
}

function readSeconds(text: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text)
  throw new EmulatorOptionsError('--lifetime', `"${text}" is no number of seconds`)
}
