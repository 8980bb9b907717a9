// Starts and stops an emulator: state, directory, keys, listeners, and the handle that tests and programs hold.
import { randomUUID } from 'node:crypto'
import { Changes } from '../kernel/changes.ts'
import { resolve } from 'node:path'
import { createClock, type EmulatorClock } from '../kernel/clock.ts'
import { Consents } from '../directory/consents.ts'
import { Directory } from '../directory/directory.ts'
import { describeRegistration, type Registration, type RegistrationOptions } from '../connect/registration.ts'
import { SignedInClients } from '../endpoints/authorize/signed-in-clients.ts'
import type { Emulation } from '../endpoints/emulation.ts'
import { originsOf, type Origins } from '../kernel/origins.ts'
import { Faults } from '../faults/faults.ts'
import { DeviceCodes } from '../grants/device-codes.ts'
import { UsedCodes } from '../grants/used-codes.ts'
import { openHttp, openHttps, type OpenListener } from '../server/listeners.ts'
import { mint, type MintRequest } from '../tokens/mint.ts'
import { resolveOptions, type EmulatorOptions, type Settings } from './options.ts'
import { Policies } from '../policies/policies.ts'
import { rememberStart } from './reset.ts'
import { LastForm } from '../kernel/last-form.ts'
import { RequestLog } from '../kernel/request-log.ts'
import { loadSealer } from '../kernel/seal.ts'
import { createServer, type EmulatorServer } from '../server/server.ts'
import { openDirectoryState, createMemoryState, type StateStore } from '../kernel/state.ts'
import { SigningKeys } from '../tokens/signing-keys.ts'
import { loadTlsIdentity } from '../x509/certificate-authority.ts'

/** A running emulator. */
export interface Emulator {
  /** The http origin, or the public one when that was given: the base of authorities (`{origin}/{tenant}`) and of Graph (`{origin}/v1.0/`). */
  readonly origin: string
  /** The https origin, a base of authorities as well: what is fetched there names it as issuer. Absent without https. */
  readonly httpsOrigin?: string
  /** The CA that https clients have to trust (PEM); absent without https. */
  readonly caCertificate?: string
  /** The file that holds it, in the state directory; absent without https or without a state directory. */
  readonly caFile?: string
  /** Tenants, users and applications; also disables users, revokes sessions, and grants or revokes consents. */
  readonly directory: Directory
  /** The keys that sign tokens: rotate them, or retire old ones. */
  readonly keys: SigningKeys
  /** Conditional Access: add policies, and switch them on and off. */
  readonly policies: Policies
  /** Makes chosen requests fail. */
  readonly faults: Faults
  /** The emulator's clock, which can be advanced. */
  readonly clock: EmulatorClock
  /** What was asked and how it ended. */
  readonly requests: RequestLog
  /** Signs a token for tests; with https on, and no public origin, its issuer is the https one unless `listener` says otherwise. */
  mint(request: MintRequest): Promise<string>
  /**
   * What an application of the directory, by its id or name, tells midtier about itself: `createWebApi({ ...emulator.registration(id) })`.
   * With https on, and no public origin, its instance is the https one unless `listener` says otherwise.
   * @throws {EmulatorOptionsError} when there is no such application or listener
   */
  registration(application: string, options?: RegistrationOptions): Registration
  /**
   * Makes the emulator as it was at the start: directory, consents, keys, policies and the clock; no faults, an empty request log. What others
   * hold stays good, as after a restart with a state directory: sessions of browsers, codes, refresh tokens. A test that wants a browser in
   * which nobody has signed in takes a new one.
   */
  reset(): Promise<void>
  /** Ends every connection and closes the ports. */
  stop(): Promise<void>
}

/**
 * Starts an emulator of Entra ID on 127.0.0.1.
 * @throws {EmulatorOptionsError} when an option is wrong
 * @throws {PortInUseError} when a port is taken
 * @example
 * ```ts
 * const emulator = await createEmulator()
 * const token = await emulator.mint({
 *   user: 'alice@contoso.onmicrosoft.com',
 *   client: 'a0000000-0000-4000-8000-000000000001',
 *   audience: 'a0000000-0000-4000-8000-000000000002',
 *   scopes: ['access_as_user'],
 * })
 * await emulator.stop()
 * ```
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = resolveOptions(options)
  const state =
    settings.stateDirectory === undefined
      ? createMemoryState()
      : await openDirectoryState(settings.stateDirectory)
  const listeners = await openListeners(settings, state)
  try {
    return await startOn(listeners, settings, state)
  } catch (error) {
    await closeAll(listeners)
    throw error
  }
}

interface Listeners {
  readonly http: OpenListener
  readonly https?: OpenListener
  readonly caCertificate?: string
}

// The ports are opened first: until they are known, no issuer can be named.
async function openListeners({ port, httpsPort }: Settings, state: StateStore): Promise<Listeners> {
  const http = await openHttp(port)
  if (httpsPort === undefined) return { http }
  try {
    const identity = await loadTlsIdentity(state)
    return { http, https: await openHttps(httpsPort, identity), caCertificate: identity.caCertificate }
  } catch (error) {
    await http.close()
    throw error
  }
}

async function startOn(listeners: Listeners, settings: Settings, state: StateStore): Promise<Emulator> {
  const origins = nameOrigins(listeners, settings)
  const emulation = {
    ...(await createEmulation(origins, settings, state)),
    ...describeCa(listeners, settings),
  }
  // One emulation behind both; each listener names itself, so that clients of either find the issuer that they were pointed at.
  const serverOf = (listener: 'http' | 'https'): EmulatorServer =>
    createServer({ ...emulation, origins: originsOf(origins, listener) ?? origins })
  listeners.http.serve(serverOf('http'))
  listeners.https?.serve(serverOf('https'))
  const { directory, policies, keys, faults, clock, requests } = emulation
  return {
    origin: settings.publicOrigin ?? origins.http,
    ...(origins.https !== undefined && { httpsOrigin: origins.https }),
    ...describeCa(listeners, settings),
    directory,
    policies,
    keys,
    faults,
    clock,
    requests,
    mint: (request) => mint(emulation, request),
    registration: (application, options) => describeRegistration(emulation, application, options),
    reset: rememberStart(emulation),
    stop: () => closeAll(listeners),
  }
}

async function createEmulation(origins: Origins, settings: Settings, state: StateStore): Promise<Emulation> {
  const { directory, policies, lifetime, resourceIndicators, log } = settings
  const clock = createClock(settings.clock)
  const working = new Directory(directory, await Consents.load(state, directory.consents ?? []))
  return {
    origins,
    directory: working,
    keys:
      settings.stateDirectory === undefined
        ? SigningKeys.begin(state, clock)
        : await SigningKeys.load(state, clock),
    clock,
    sealer: await loadSealer(state),
    faults: new Faults(),
    policies: new Policies(working, policies),
    requests: new RequestLog(),
    usedCodes: new UsedCodes(),
    changes: new Changes(),
    lastForm: new LastForm(),
    startId: randomUUID(),
    deviceCodes: new DeviceCodes(clock),
    signedInClients: new SignedInClients(),
    lifetime,
    resourceIndicators,
    log,
  }
}

function describeCa(
  { caCertificate }: Listeners,
  { stateDirectory }: Settings,
): Pick<Emulator, 'caCertificate' | 'caFile'> {
  if (caCertificate === undefined) return {}
  return { caCertificate, ...(stateDirectory !== undefined && { caFile: resolve(stateDirectory, 'ca.pem') }) }
}

function nameOrigins({ http, https }: Listeners, { publicOrigin }: Settings): Origins {
  const httpOrigin = `http://localhost:${String(http.port)}`
  const httpsOrigin = https && `https://localhost:${String(https.port)}`
  return {
    issuer: publicOrigin ?? httpsOrigin ?? httpOrigin,
    http: httpOrigin,
    https: httpsOrigin,
    isFixed: publicOrigin !== undefined,
  }
}

async function closeAll({ http, https }: Listeners): Promise<void> {
  await Promise.all([http.close(), https?.close()])
}
