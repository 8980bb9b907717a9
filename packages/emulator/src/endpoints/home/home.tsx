// The page of an error code, and the static files of all pages.
import { adviceFor, withoutValues } from '../../kernel/aadsts-advice.ts'
import { aadsts } from '../../kernel/aadsts.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import { readAsset } from '../../ui/assets.ts'
import { ErrorPage } from '../../ui/error-page.tsx'
import { sendPage } from '../page.tsx'

/** GET /error?code=NNNNN: what `error_uri` points to. */
export function errorCode(c: EmulatorContext): Response | Promise<Response> {
  const code = Number(c.req.query('code'))
  const row = aadsts.get(code)
  const name = Number.isSafeInteger(code) ? `AADSTS${String(code)}` : undefined
  const message =
    row === undefined ? 'This code is not in the table of the emulator.' : withoutValues(row.message)
  const page = <ErrorPage title="Error code" code={name} message={message} advice={adviceFor(code)} />
  return sendPage(c, page, { status: row === undefined ? 404 : 200 })
}

/** GET /_emulator/assets/{name} */
export function asset(c: EmulatorContext): Response {
  const file = readAsset(routeParameter(c, 'name'))
  if (file === undefined) return c.text('Not found', 404)
  const headers = {
    'content-type': file.contentType,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  }
  return c.body(Uint8Array.from(file.body), 200, headers)
}
