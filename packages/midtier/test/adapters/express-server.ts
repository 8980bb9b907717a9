// An Express application on a port of its own, whose end and whose unheard errors a test can see.
import {
  createServer,
  request as send,
  type ClientRequest,
  type OutgoingHttpHeaders,
  type Server,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { afterEach, beforeEach, expect } from 'vitest'
import type { Caller } from '../../src/web-api/caller.ts'
import type { WebApi } from '../../src/index.ts'

const open: Server[] = []
const unheard: unknown[] = []
const hear = (reason: unknown): void => void unheard.push(reason)

/** In every test of the file: nothing may be left that would have ended the process. */
export function endNoProcess(): void {
  beforeEach(() => {
    unheard.length = 0
    process.on('unhandledRejection', hear)
    process.on('uncaughtException', hear)
  })
  afterEach(async () => {
    await settle()
    process.off('unhandledRejection', hear)
    process.off('uncaughtException', hear)
    for (const server of open.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
    expect(unheard).toEqual([])
  })
}

/** Everything that is already decided has had its consequences. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export async function serve(app: Express): Promise<string> {
  app.set('env', 'test') // Express prints no stacks
  const server = createServer(app)
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A request whose sender can go away. */
export function begin(url: string, headers: OutgoingHttpHeaders | readonly string[] = {}): ClientRequest {
  return send(url, { headers })
    .on('error', () => undefined)
    .end()
}

/** A promise that a test settles. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value | PromiseLike<Value>) => void
  readonly reject: (reason?: unknown) => void
}

export function deferred<Value>(): Deferred<Value> {
  let resolve: Deferred<Value>['resolve'] = () => undefined
  let reject: Deferred<Value>['reject'] = () => undefined
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}

export const someCaller = { principal: { kind: 'user', objectId: 'ada' } } as unknown as Caller

/** An API that authenticates as a test says. */
export function standIn(authenticate: WebApi['authenticate']): WebApi {
  return { authenticate, checkRequirements: () => undefined } as unknown as WebApi
}
