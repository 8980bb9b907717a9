// The control endpoints of clients: the CA to trust, and the settings that connect a client.
import { clientNames, clientSettings } from '../../connect/client-settings.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import type { Emulation } from '../emulation.ts'
import { change } from './change.ts'
import { readJsonObject } from './own-client.ts'

/** GET /_emulator/ca.pem: nothing of it is secret. */
export function caCertificate(c: EmulatorContext, emulation: Emulation): Response {
  if (emulation.caCertificate === undefined)
    return c.json({ error: 'this emulator answers by http alone: there is nothing to trust' }, 404)
  return c.body(emulation.caCertificate, 200, { 'content-type': 'application/x-pem-file' })
}

/** POST /_emulator/settings: those of `{ client, application, listener }`, with the secret of the application. */
export function settings(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return change(c, emulation, async () => {
    const { client, application, listener } = await readJsonObject(c)
    if (typeof client !== 'string' || typeof application !== 'string')
      return c.json({ error: `needs client (${clientNames.join(', ')}) and application` }, 400)
    if (listener !== undefined && listener !== 'http' && listener !== 'https')
      return c.json({ error: 'listener: neither http nor https' }, 400)
    c.header('cache-control', 'no-store')
    return c.json({ settings: clientSettings(emulation, { client, application, listener }) })
  })
}
