// The query parameters of the acquiring endpoints: one table, which reading and the OpenAPI document share.
import { Refusal } from '../kernel/refusals.ts'

/** How a parameter is written. `names` has a name of the caller's own behind it. */
export type ParameterKind = 'text' | 'flag' | 'guid' | 'texts' | 'names'

type OfAgents = 'AgentIdentity' | 'AgentUsername' | 'AgentUserId'
type OfOptions =
  'RequestAppToken' | 'BaseUrl' | 'RelativePath' | 'HttpMethod' | 'AcceptHeader' | 'ContentType'
type OfTokens =
  | 'Tenant'
  | 'ForceRefresh'
  | 'Claims'
  | 'CorrelationId'
  | 'LongRunningWebApiSessionKey'
  | 'FmiPath'
  | 'PopPublicKey'
  | 'ManagedIdentity.UserAssignedClientId'

/** Names of parameters that are there once at most. */
export type SingleName =
  OfAgents | `optionsOverride.${OfOptions}` | `optionsOverride.AcquireTokenOptions.${OfTokens}`

/** One parameter. */
export interface Parameter {
  readonly name:
    | SingleName
    | 'optionsOverride.Scopes'
    | 'optionsOverride.ExtraHeaderParameters.'
    | 'optionsOverride.ExtraQueryParameters.'
  readonly kind: ParameterKind
  readonly description: string
}

const options = 'optionsOverride.'
const acquire = `${options}AcquireTokenOptions.`

export const agentParameters: readonly Parameter[] = [
  { name: 'AgentIdentity', kind: 'text', description: 'Client id of the agent identity that acts.' },
  {
    name: 'AgentUsername',
    kind: 'text',
    description: 'User name of the account that the agent acts through.',
  },
  { name: 'AgentUserId', kind: 'text', description: 'Object id of the account that the agent acts through.' },
]

export const overrideParameters: readonly Parameter[] = [
  {
    name: `${options}Scopes`,
    kind: 'texts',
    description: 'Scopes instead of the configured ones; may be repeated.',
  },
  {
    name: `${options}RequestAppToken`,
    kind: 'flag',
    description: 'Act as the application, and not on behalf of the caller.',
  },
  { name: `${options}BaseUrl`, kind: 'text', description: 'Always ignored.' },
  { name: `${options}RelativePath`, kind: 'text', description: 'Path below the base URL.' },
  { name: `${options}HttpMethod`, kind: 'text', description: 'Method of the downstream request.' },
  { name: `${options}AcceptHeader`, kind: 'text', description: 'Accept header of the downstream request.' },
  { name: `${options}ContentType`, kind: 'text', description: 'Content type of the downstream request.' },
  {
    name: `${options}ExtraHeaderParameters.`,
    kind: 'names',
    description: 'A further header of the downstream request.',
  },
  {
    name: `${options}ExtraQueryParameters.`,
    kind: 'names',
    description: 'A further query parameter of the downstream request.',
  },
  {
    name: `${acquire}Tenant`,
    kind: 'text',
    description: 'Tenant to act in, as the application or an agent.',
  },
  { name: `${acquire}ForceRefresh`, kind: 'flag', description: 'Acquire a new token, whatever is cached.' },
  { name: `${acquire}Claims`, kind: 'text', description: 'Claims of a challenge, as JSON or base64.' },
  {
    name: `${acquire}CorrelationId`,
    kind: 'guid',
    description: 'Id under which the request goes on: in the trace, and in the log.',
  },
  {
    name: `${acquire}LongRunningWebApiSessionKey`,
    kind: 'text',
    description: 'Name of a long-running session of the caller, kept in the shared cache.',
  },
  { name: `${acquire}FmiPath`, kind: 'text', description: 'Not supported: name the agent by AgentIdentity.' },
  { name: `${acquire}PopPublicKey`, kind: 'text', description: 'Not supported.' },
  {
    name: `${acquire}ManagedIdentity.UserAssignedClientId`,
    kind: 'text',
    description: 'Client id of a managed identity of the host, whose token is acquired.',
  },
]

/** The parameters of one request. */
export interface Parameters {
  single(name: SingleName): string | undefined
  flag(name: SingleName): boolean | undefined
  scopes(): readonly string[] | undefined
  named(kind: 'ExtraHeaderParameters' | 'ExtraQueryParameters'): Readonly<Record<string, string>>
  /** The names that were given, as the table has them. */
  readonly given: readonly string[]
}

const table: readonly Parameter[] = [...agentParameters, ...overrideParameters]
const exact = new Map(
  table.flatMap((each) => (each.kind === 'names' ? [] : [[each.name.toLowerCase(), each] as const])),
)
const prefixes = table.filter(({ kind }) => kind === 'names')

const none: Parameters = {
  single: () => undefined,
  flag: () => undefined,
  scopes: () => undefined,
  named: () => ({}),
  given: [],
}

/** A caller cannot make us keep more than this. */
const mostParameters = 200

/** @throws Refusal 400 naming the parameter: malformed, not known, given twice, or not of its kind. */
export function readParameters(query: string): Parameters {
  return query === '' ? none : read(query)
}

function read(query: string): Parameters {
  const values = new Map<string, string[]>()
  const named = new Map<string, Record<string, string>>()
  for (const [name, value] of pairs(query)) {
    const known = exact.get(name.toLowerCase())
    const prefix = prefixes.find((each) => name.toLowerCase().startsWith(each.name.toLowerCase()))
    if (known !== undefined) add(values, known, value)
    else if (prefix !== undefined) addNamed(named, prefix, name, value)
    else if (name.toLowerCase().startsWith('optionsoverride'))
      throw new Refusal(400, `The query parameter '${name.slice(0, 64)}' is not known.`)
  }
  const single = (name: SingleName): string | undefined => values.get(name)?.[0]
  return {
    single,
    flag: (name) => readFlag(name, single(name)),
    scopes: () => values.get(`${options}Scopes`)?.flatMap((text) => text.split(/\s+/).filter(Boolean)),
    named: (kind) => named.get(`${options}${kind}.`) ?? {},
    given: [...values.keys(), ...named.keys()],
  }
}

function pairs(query: string): readonly (readonly [name: string, value: string])[] {
  if (query === '') return []
  const parts = query.split('&').filter((part) => part !== '')
  if (parts.length > mostParameters)
    throw new Refusal(400, `The query has more than ${mostParameters} parameters.`)
  return parts.map((part) => {
    const at = part.indexOf('=')
    return at === -1 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Refusal(400, 'The query is not well encoded.')
  }
}

function add(values: Map<string, string[]>, { name, kind }: Parameter, value: string): void {
  const before = values.get(name)
  if (before !== undefined && kind !== 'texts')
    throw new Refusal(400, `The query parameter '${name}' is there twice.`)
  // As with a form that is sent with an empty field: nothing was said.
  if (value.trim() === '') return
  if (kind === 'guid' && !isGuid(value))
    throw new Refusal(400, `The query parameter '${name}' must be a GUID.`)
  if (kind === 'flag') readFlag(name, value)
  values.set(name, [...(before ?? []), value.trim()])
}

function addNamed(
  named: Map<string, Record<string, string>>,
  { name: prefix }: Parameter,
  name: string,
  value: string,
): void {
  const own = name.slice(prefix.length)
  const all = named.get(prefix) ?? (Object.create(null) as Record<string, string>)
  if (own === '') throw new Refusal(400, `The query parameter '${prefix}<name>' has no name.`)
  if (Object.keys(all).some((each) => each.toLowerCase() === own.toLowerCase()))
    throw new Refusal(400, `The query parameter '${name.slice(0, 128)}' is there twice.`)
  all[own] = value
  named.set(prefix, all)
}

function readFlag(name: string, value: string | undefined): boolean | undefined {
  const text = value?.trim().toLowerCase()
  if (text === undefined) return undefined
  if (text === 'true' || text === 'false') return text === 'true'
  throw new Refusal(400, `The query parameter '${name}' must be true or false.`)
}

/** Whether a text is a GUID. */
export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
