// The pages at which a user signs in for a device: the code is typed, the application confirmed, and then it is a sign-in like any other.
import type { DeviceCode } from '../../grants/device-codes.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { DeviceCodePage } from '../../ui/device-code-page.tsx'
import { DeviceConfirmPage } from '../../ui/device-confirm-page.tsx'
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { AuthorizationRequest } from '../authorize/authorization-request.ts'
import { sendRedirectError } from '../authorize/authorization-response.tsx'
import { readForm, withErrorPage } from '../authorize/guarded.ts'
import { continueInteraction, openProgress, sealProgress } from '../authorize/interaction.tsx'
import { readSessions } from '../authorize/session-cookie.ts'
import type { Emulation } from '../emulation.ts'
import { sendPage } from '../page.tsx'

/** GET devicelogin and common/oauth2/deviceauth; `otc` fills the code in. */
export function deviceLogin(c: EmulatorContext): Response | Promise<Response> {
  return sendPage(c, <DeviceCodePage action="/devicelogin" code={c.req.query('otc')} />)
}

/** POST devicelogin: the code that the user typed. */
export async function enterDeviceCode(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  const typed = (await readForm(c)).get('code') ?? ''
  const code = emulation.deviceCodes.findPending(typed)
  if (code === undefined) {
    c.get('exchange').note({ error: [70018] })
    const error = 'That code didn’t work. Check the code, or ask the application for a new one.'
    return sendPage(c, <DeviceCodePage action="/devicelogin" code={typed} error={error} />)
  }
  const request = toAuthorizationRequest(code)
  c.get('exchange').note({ clientId: request.clientId })
  const page = (
    <DeviceConfirmPage
      appName={emulation.directory.findApplication(request.clientId)?.displayName ?? request.clientId}
      action="/devicelogin/confirm"
      fields={sealProgress(c, emulation, { request })}
    />
  )
  return sendPage(c, page)
}

/** POST devicelogin/confirm: `confirmation=continue` or `cancel`. Nobody signs in for a device by being led to a page. */
export function confirmDevice(c: EmulatorContext, emulation: Emulation): Promise<Response> {
  return withErrorPage(c, async () => {
    const form = await readForm(c)
    const progress = openProgress(c, emulation, form)
    if (form.get('confirmation') !== 'continue')
      return sendRedirectError(c, emulation, progress.request, new AadstsError(65004))
    return continueInteraction(c, emulation, progress, readSessions(c, emulation))
  })
}

// Nothing is redirected: the answer waits for the device.
function toAuthorizationRequest({ deviceCode, request }: DeviceCode): AuthorizationRequest {
  return {
    ...request,
    deviceCode,
    redirectUri: '',
    platform: 'publicClient',
    responseMode: 'query',
    responseType: 'code',
    prompts: ['select_account'],
    wantsClientInfo: false,
  }
}
