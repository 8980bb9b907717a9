// Azure Functions' host and worker as far as an application meets them: the module that the worker puts in place of
// `@azure/functions-core`, and invocations in the form in which host and worker hand them over.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Module from 'node:module'
import type { AddressInfo } from 'node:net'

type Callback = (...inputs: unknown[]) => unknown

interface Binding {
  readonly name: string
  readonly type: string
}

interface Registered {
  readonly name: string
  readonly bindings: Readonly<Record<string, Binding>>
}

interface HttpAnswer {
  readonly statusCode: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string }
}

/** What the library of the programming model gives the worker for one invocation. */
interface Invocation {
  getArguments(): Promise<{ readonly context: unknown; readonly inputs: readonly unknown[] }>
  invokeFunction(context: unknown, inputs: readonly unknown[], handler: Callback): Promise<unknown>
  getResponse(
    context: unknown,
    result: unknown,
  ): Promise<{ readonly returnValue: { readonly http: HttpAnswer } }>
}

interface Model {
  getInvocationModel(core: object): Invocation
}

let model: Model | undefined
const functions = new Map<string, { readonly metadata: Registered; readonly callback: Callback }>()

/** What functions have logged by their context. */
export const logged: string[] = []

const core = {
  version: '1.0.0',
  hostVersion: '4.1000.0',
  setProgrammingModel: (given: Model) => void (model = given),
  registerFunction: (metadata: Registered, callback: Callback) =>
    void functions.set(metadata.name, { metadata, callback }),
  log: () => undefined,
}

interface Requiring {
  require: (this: unknown, id: string) => unknown
}

/** As the worker does it: before the application is loaded. */
export function becomeWorker(): void {
  const prototype = Module.prototype as unknown as Requiring
  const others = prototype.require
  prototype.require = function (id) {
    return id === '@azure/functions-core' ? core : others.call(this, id)
  }
}

/** Serves every function that was registered at `/api/{name}`; resolves to its address. */
export function startHost(): Promise<string> {
  const server = createServer((request, response) => {
    invoke(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  )
}

async function invoke(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { metadata, callback } = functions.get(request.url?.replace('/api/', '') ?? '') ?? {}
  if (metadata === undefined || callback === undefined || model === undefined) {
    response.writeHead(404).end()
    return
  }
  const trigger = Object.entries(metadata.bindings).find(([, { type }]) => type === 'httpTrigger')?.[0]
  const http = {
    method: request.method,
    url: `http://${request.headers.host ?? ''}${request.url ?? ''}`,
    headers: request.headers,
    query: {},
    params: {},
  }
  const invocation = model.getInvocationModel({
    invocationId: randomUUID(),
    metadata,
    request: { inputData: [{ name: trigger, data: { http } }], triggerMetadata: {} },
    log: (_level: string, _category: string, line: string) => logged.push(line),
  })
  const { context, inputs } = await invocation.getArguments()
  const result = await invocation.invokeFunction(context, inputs, callback)
  const { statusCode, headers, body } = (await invocation.getResponse(context, result)).returnValue.http
  response.writeHead(Number(statusCode), headers).end(body?.bytes ?? body?.string)
}
