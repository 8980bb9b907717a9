// Demo only: an Entra agent identity that reads tasks, for the person who asks it or by itself. This API is its blueprint.
import { clientSecret, createWebApi, type Caller, type Requirements } from 'midtier'
import { openTelemetry } from 'midtier/opentelemetry'
import { webApiOptions } from 'midtier/registration'
import registrations, { blueprintEmulatorOnlySecret, clientIds } from '../registrations.ts'
import { heedChanges } from './heed-changes.ts'
import { configuration, eventLog } from './web-api.ts'

/** A blueprint of the emulator; `undefined` when people sign in at the real Entra ID, where nobody has registered one. */
export const assistant =
  configuration.emulatorUrl === undefined ? undefined : createAssistant(configuration.emulatorUrl)

function createAssistant(emulatorUrl: string) {
  const registered = webApiOptions(registrations, 'blueprint', { todolist: configuration.todoApiUrl })
  const { clientId } = registered
  const api = createWebApi({
    ...registered,
    instance: configuration.instance,
    clientCredential: clientSecret(blueprintEmulatorOnlySecret),
    observer: eventLog.observer,
    telemetry: openTelemetry(),
  })
  const agent = api.agent(clientIds.agent)
  const asked: Requirements = { scopes: ['access_agent'], agents: 'refuse' }

  return {
    api,
    asked,
    heedCaller: heedChanges(api, { emulatorUrl, clientId }),
    /** The list of whoever asks: that person is the subject, and the agent the client. */
    readFor: (caller: Caller): Promise<unknown> =>
      agent.onBehalfOf(caller).downstream('todolist').getJson('tasks'),
    /** How much there is to do in the tenant. An agent by itself knows of no request, so the trace is handed on here. */
    summarise: (traceparent: string | undefined): Promise<unknown> =>
      agent.downstream('todolist').getJson('summary', {
        headers: traceparent === undefined ? {} : { traceparent },
      }),
  }
}
