// How the sign-in for a device ends: the answer is kept for the device, and the user is told.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Account } from '../../directory/directory.ts'
import type { DeviceCode } from '../../grants/device-codes.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { DeviceDonePage } from '../../ui/device-done-page.tsx'
import type { SignedIn } from '../authorize/session-cookie.ts'
import type { Emulation } from '../emulation.ts'
import { sendErrorPage, sendPage } from '../page.tsx'

/** Approves the request of a device. */
export function approveDevice(
  c: EmulatorContext,
  emulation: Emulation,
  deviceCode: string,
  { account, session }: { readonly account: Account; readonly session: SignedIn },
): Response | Promise<Response> {
  const code = findPending(emulation, deviceCode)
  if (code === undefined) return sendErrorPage(c, new AadstsError(70020))
  const { user, tenant } = account
  const { sid, authTime, amr, authContexts = [] } = session
  c.get('exchange').note({ user: user.username, tenant: tenant.id })
  emulation.deviceCodes.approve(code, {
    userId: user.id,
    tenantId: tenant.id,
    issuedAt: emulation.clock.now(),
    session: { sid, authTime, amr, authContexts },
  })
  return sendPage(c, <DeviceDonePage appName={nameOf(emulation, code)} username={user.username} />)
}

/** Ends the sign-in for a device with an error. What the user declined, the device is told. */
export function refuseDevice(
  c: EmulatorContext,
  emulation: Emulation,
  deviceCode: string,
  error: AadstsError,
): Response | Promise<Response> {
  const code = findPending(emulation, deviceCode)
  if (error.error !== 'access_denied' || code === undefined) return sendErrorPage(c, error)
  emulation.deviceCodes.decline(code)
  return sendPage(c, <DeviceDonePage appName={nameOf(emulation, code)} />)
}

function findPending({ deviceCodes }: Emulation, deviceCode: string): DeviceCode | undefined {
  const code = deviceCodes.find(deviceCode)
  return code !== undefined && deviceCodes.isPending(code) ? code : undefined
}

function nameOf({ directory }: Emulation, { request }: DeviceCode): string {
  return directory.findApplication(request.clientId)?.displayName ?? request.clientId
}
