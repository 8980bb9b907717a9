// The middle tier without a framework: who may call, and what is called on the caller's behalf. Express and Fastify serve the same.
import { clientSecret, createWebApi, requireAuthContext, type Caller, type Requirements } from 'midtier'
import { openTelemetry } from 'midtier/opentelemetry'
import { webApiOptions } from 'midtier/registration'
import { readMiddleTierConfiguration } from '../configuration.ts'
import registrations from '../registrations.ts'
import { createEventLog } from '../tracing/event-log.ts'
import { heedChanges } from './heed-changes.ts'

export const configuration = readMiddleTierConfiguration()
export const eventLog = createEventLog()

export const api = createWebApi({
  // What is called, and with which permissions, the registration says.
  ...webApiOptions(registrations, 'middleTier', {
    todolist: configuration.todoApiUrl,
    graph: configuration.graphUrl,
  }),
  instance: configuration.instance,
  tenantId: 'organizations',
  allowedTenants: configuration.allowedTenants,
  clientId: configuration.clientId,
  clientCredential: clientSecret(configuration.clientSecret),
  observer: eventLog.observer,
  telemetry: openTelemetry(), // records nothing until an SDK runs: `npm start -- --traces <url>`
})

export const signedIn: Requirements = { scopes: ['access_as_user'] }
// What cannot be undone takes more than a sign-in: the person has to have confirmed who they are.
export const steppedUp: Requirements = { ...signedIn, ...requireAuthContext('c1') }

/** Demo only; `undefined` when people sign in at the real Entra ID. */
export const heedCaller =
  configuration.emulatorUrl === undefined
    ? undefined
    : heedChanges(api, { emulatorUrl: configuration.emulatorUrl, clientId: configuration.clientId })

/** Longest body that is read. */
export const bodyLimitBytes = 16 * 1024

/** What a request says about a task. */
export interface TaskRequest {
  readonly method: string
  /** Parsed; absent without one. */
  readonly body?: unknown
}

/** What the To Do API says about a task, a refusal of its content included, is the caller's to read: passed on as it came. */
export function relayTask(caller: Caller, { method, body }: TaskRequest, path: string): Promise<Response> {
  const content =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return caller.downstream('todolist').relay(path, { method, ...content })
}
