// The clients whose settings the emulator can write down, each as the text to copy.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Listener } from '../kernel/origins.ts'
import { describeConnection, type Connection, type ConnectionSource } from './connection.ts'
import { curl } from './curl.ts'
import { azureIdentity, midtier, msalBrowser, msalNode, openIdClient } from './javascript.ts'
import { msal4j, msalNet, msalPython } from './other-languages.ts'

const clients: Readonly<Record<string, (connection: Connection) => string>> = {
  midtier,
  'msal-node': msalNode,
  'msal-browser': msalBrowser,
  'azure-identity': azureIdentity,
  'openid-client': openIdClient,
  'msal-python': msalPython,
  msal4j,
  'msal.net': msalNet,
  curl,
}

/** Their names. */
export const clientNames: readonly string[] = Object.keys(clients)

/** Whose settings are wanted. */
export interface SettingsRequest {
  /** One of `clientNames`. */
  readonly client: string
  /** Its id, display name or application ID URI. */
  readonly application: string
  /** Where both listen and no public origin is given; default `https`. */
  readonly listener?: Listener | undefined
}

/**
 * The settings of a client, in its own language.
 * @throws {EmulatorOptionsError} naming what is wrong: no such client or application, or one that does not fit the other
 */
export function clientSettings(
  source: ConnectionSource,
  { client, application, listener }: SettingsRequest,
): string {
  const write = Object.hasOwn(clients, client) ? clients[client] : undefined
  if (write === undefined)
    throw new EmulatorOptionsError('client', `"${client}" is none of ${clientNames.join(', ')}`)
  return write(describeConnection(source, application, listener))
}
