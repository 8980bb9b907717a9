// Work on a request whose failure becomes what the user or the application can read: a page, or an error at the redirect URI.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Emulation } from '../emulation.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { sendErrorPage } from '../page.tsx'
import type { AuthorizationRequest } from './authorization-request.ts'
import { sendRedirectError } from './authorization-response.tsx'

/** What a handler of this folder gives. */
export type Page = Response | Promise<Response>

/** The fields of a posted form. */
export async function readForm(c: EmulatorContext): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}

/** Shows an AADSTS error as a page: there is nowhere safe to redirect to. */
export async function withErrorPage(c: EmulatorContext, work: () => Page): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AadstsError) return sendErrorPage(c, error)
    throw error
  }
}

/** Sends an AADSTS error to the redirect URI, which has been checked. */
export async function withRedirectError(
  c: EmulatorContext,
  emulation: Emulation,
  request: AuthorizationRequest,
  work: () => Page,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AadstsError) return sendRedirectError(c, emulation, request, error)
    throw error
  }
}
