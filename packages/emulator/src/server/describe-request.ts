// Reads off a request what faults and the request log want to know, before it is handled; keeps no secret of it.
import { graphId } from '../directory/default-directory.ts'
import type { Directory } from '../directory/directory.ts'
import { openIdScopes } from '../directory/scopes.ts'
import type { Emulation } from '../endpoints/emulation.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { formOf } from '../http/form.ts'
import { authorizationCodeKind, refreshTokenKind } from '../grants/sealed-grants.ts'
import { withoutTokens } from '../kernel/masked.ts'
import type { Endpoint, RequestRecord } from '../kernel/request-log.ts'
import { parseCompact } from '../tokens/compact.ts'

/** What is known before a request is handled. */
export interface RequestDescription {
  readonly facts: Partial<RequestRecord>
  readonly resourceNames: readonly string[]
  /** Query and form. */
  readonly parameters: URLSearchParams
}

/** What a request is described by. */
type Means = Pick<Emulation, 'directory' | 'sealer'>

const maximumLength = 200

/** Describes a request. */
export async function describeRequest(
  c: EmulatorContext,
  emulation: Means,
  endpoint: Endpoint,
): Promise<RequestDescription> {
  const isForm = endpoint === 'token' || endpoint === 'devicecode'
  const parameters = isForm ? await readForm(c) : new URL(c.req.url).searchParams
  const correlationId = shorten(c.req.header('client-request-id') ?? parameters.get('client-request-id'))
  const facts = { tenant: shorten(c.req.param('tenant')), correlationId }
  return { ...describe(c, emulation, endpoint, { parameters, facts }), parameters }
}

type Described = Omit<RequestDescription, 'parameters'>

function describe(
  c: EmulatorContext,
  emulation: Means,
  endpoint: Endpoint,
  { parameters, facts }: { readonly parameters: URLSearchParams; readonly facts: Partial<RequestRecord> },
): Described {
  if (endpoint === 'token' || endpoint === 'devicecode') return describeToken(c, emulation, parameters, facts)
  if (endpoint === 'graph' || endpoint === 'userinfo') return describeBearer(c, emulation.directory, facts)
  return { facts: { ...facts, clientId: shorten(parameters.get('client_id')) }, resourceNames: [] }
}

async function readForm(c: EmulatorContext): Promise<URLSearchParams> {
  const form = await formOf(c)
  const id = c.req.query('client-request-id')
  if (id === undefined || form.has('client-request-id')) return form
  return new URLSearchParams([...form, ['client-request-id', id]])
}

function describeToken(
  c: EmulatorContext,
  emulation: Means,
  form: URLSearchParams,
  facts: Partial<RequestRecord>,
): Described {
  const resource = findResource(emulation.directory, form, c.req.path.includes('/v2.0/'))
  return {
    facts: {
      ...facts,
      grantType: shorten(form.get('grant_type')),
      clientId: shorten(form.get('client_id') ?? basicUser(c.req.header('authorization'))),
      agent: findAgent(emulation.directory, form)?.displayName,
      user: findUser(emulation, form),
      resource: resource?.displayName,
    },
    resourceNames: resource ? [resource.id, resource.displayName, ...(resource.identifierUris ?? [])] : [],
  }
}

function describeBearer(c: EmulatorContext, directory: Directory, facts: Partial<RequestRecord>): Described {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const presented = token === undefined ? undefined : parseCompact(token)?.payload
  const { oid, appid } = presented ?? {}
  const user = typeof oid === 'string' ? directory.findUser(oid)?.username : undefined
  const clientId = typeof appid === 'string' ? shorten(appid) : undefined
  const agent = directory.findAgent(clientId)?.displayName
  return {
    facts: { ...facts, presented, user, clientId, agent },
    resourceNames: [graphId, 'Microsoft Graph'],
  }
}

// Of v2.0 requests the scopes say it: `resource` beside them may be wrong, and is all that there is when a client sends none.
function findResource(
  directory: Directory,
  form: URLSearchParams,
  isV2: boolean,
): ReturnType<Directory['findResource']> {
  const named = form.get('resource')
  if (named !== null && !(isV2 && form.has('scope'))) return directory.findResource(named)
  const scope = form
    .get('scope')
    ?.split(' ')
    .find((each) => each !== '' && !openIdScopes.has(each))
  if (scope === undefined) return undefined
  return scope.includes('/')
    ? directory.findResource(scope.slice(0, scope.lastIndexOf('/')))
    : directory.findApplication(graphId)
}

function findAgent(directory: Directory, form: URLSearchParams): ReturnType<Directory['findAgent']> {
  return directory.findAgent(form.get('fmi_path') ?? form.get('client_id') ?? '')
}

function findUser({ directory, sealer }: Means, form: URLSearchParams): string | undefined {
  const assertion = parseCompact(form.get('assertion') ?? '')?.payload['oid']
  const code = sealer.open(authorizationCodeKind, unprefixed(form.get('code')))
  const refreshToken = sealer.open(refreshTokenKind, unprefixed(form.get('refresh_token')))
  const hasName = ['user_fic', 'password'].includes(form.get('grant_type') ?? '')
  const named = hasName ? (form.get('username') ?? form.get('user_id')) : null
  const id = typeof assertion === 'string' ? assertion : ((code ?? refreshToken)?.userId ?? named)
  return id === null ? undefined : directory.findUser(id)?.username
}

function unprefixed(grant: string | null): string {
  return grant?.replace(/^1\./, '') ?? ''
}

function basicUser(header: string | undefined): string | undefined {
  const credentials = /^Basic +(\S+)$/i.exec(header ?? '')?.[1]
  return credentials === undefined
    ? undefined
    : Buffer.from(credentials, 'base64').toString('utf8').split(':')[0]
}

function shorten(text: string | null | undefined): string | undefined {
  return text == null ? undefined : withoutTokens(text).slice(0, maximumLength)
}
