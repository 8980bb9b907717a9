// POST /$batch: up to twenty requests in one, each answered as if it had come alone; some wait for others, and fail with them.
import { isObject, parseObject } from '../kernel/base64url.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { answer } from './answer.ts'
import { GraphError } from './graph-error.ts'

/** Lets the emulator answer a request. */
export type Dispatch = (request: Request) => Response | Promise<Response>

interface Step {
  readonly id: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly dependsOn: readonly string[]
}

interface StepAnswer {
  readonly id: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const maximumSteps = 20

/** Headers that a step's answer keeps. */
const kept: ReadonlySet<string> = new Set([
  'content-type',
  'cache-control',
  'location',
  'retry-after',
  'www-authenticate',
])

/** Answers a batch. */
export function batch(c: EmulatorContext, authority: TokenIssuer, dispatch: Dispatch): Promise<Response> {
  return answer(c, authority, { scopes: 'any', roles: 'any' }, async () => {
    const steps = parseSteps(parseObject(await c.req.text()))
    const answers = new Map<string, StepAnswer>()
    for (const step of steps) {
      const failed = step.dependsOn.some((id) => (answers.get(id)?.status ?? 424) >= 400)
      answers.set(step.id, failed ? failedWith(step) : await answerStep(c, step, dispatch))
    }
    return c.json({ responses: [...answers.values()] })
  })
}

async function answerStep(c: EmulatorContext, step: Step, dispatch: Dispatch): Promise<StepAnswer> {
  const { id, method, url, body } = step
  const here = new URL(c.req.url)
  const base = here.pathname.replace(/\/\$batch$/i, '')
  const headers = new Headers(step.headers)
  for (const name of ['authorization', 'host', 'client-request-id']) {
    const value = c.req.header(name)
    if (value !== undefined && !headers.has(name)) headers.set(name, value)
  }
  const text = body === undefined ? undefined : JSON.stringify(body)
  const init = { method, headers, ...(text !== undefined && { body: text }) }
  const response = await dispatch(new Request(new URL(`${base}/${url.replace(/^\//, '')}`, here), init))
  const shown = [...response.headers].filter(([name]) => kept.has(name))
  const content = await readContent(response)
  return {
    id,
    status: response.status,
    headers: Object.fromEntries(shown),
    ...(content !== undefined && { body: content }),
  }
}

/** JSON as it is; anything else as base64. */
async function readContent(response: Response): Promise<unknown> {
  const bytes = Buffer.from(await response.arrayBuffer())
  if (bytes.length === 0) return undefined
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return isJson ? (JSON.parse(bytes.toString('utf8')) as unknown) : bytes.toString('base64')
}

function failedWith({ id }: Step): StepAnswer {
  const message = 'A request that this one depends on has failed.'
  return { id, status: 424, body: { error: { code: 'FailedDependency', message } } }
}

function parseSteps(body: Readonly<Record<string, unknown>> | undefined): readonly Step[] {
  const requests = body?.['requests']
  if (!Array.isArray(requests) || requests.length === 0) throw badBatch('requests has to be a list')
  if (requests.length > maximumSteps)
    throw badBatch(`the number of requests exceeds the limit of ${String(maximumSteps)}`)
  const seen = new Set<string>()
  return requests.map((request: unknown) => {
    const step = parseStep(request)
    if (seen.has(step.id)) throw badBatch(`the id '${step.id}' is there twice`)
    const unknown = step.dependsOn.find((id) => !seen.has(id))
    if (unknown !== undefined)
      throw badBatch(`'${step.id}' depends on '${unknown}', which does not stand before it`)
    seen.add(step.id)
    return step
  })
}

function parseStep(request: unknown): Step {
  const { id, method, url, headers = {}, body, dependsOn = [] } = isObject(request) ? request : {}
  const isComplete = typeof id === 'string' && typeof method === 'string' && typeof url === 'string'
  if (!isComplete || !isBelow(url)) throw badBatch('each request needs id, method and a relative url')
  if (/^\/?\$batch\b/i.test(url)) throw badBatch('a batch holds no batch')
  if (!isObject(headers) || !Array.isArray(dependsOn))
    throw badBatch(`headers or dependsOn of '${id}' are none`)
  return {
    ...{ id, method: method.toUpperCase(), url, body },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    dependsOn: dependsOn.map(String),
  }
}

/** Whether a path stays below Graph: no other host, and no way up to the emulator's own endpoints. */
function isBelow(url: string): boolean {
  const base = 'http://graph/v1.0/'
  const relative = url.replace(/^\//, '')
  return (
    /^[\w$]/.test(relative) &&
    !relative.includes('://') &&
    new URL(`${base}${relative}`).href.startsWith(base)
  )
}

function badBatch(problem: string): GraphError {
  return new GraphError('BadRequest', `Invalid batch payload format: ${problem}.`, 400)
}
