// What the page may load and whom it may talk to: itself, the two APIs, and the authority.
import type { ClientConfiguration } from '../configuration.ts'

/** A policy without any inline script, inline style or foreign origin. */
export function buildContentSecurityPolicy({
  middleTierUrl,
  todoApiUrl,
  emulatorUrl,
}: ClientConfiguration): string {
  const authority = emulatorUrl ?? 'https://login.microsoftonline.com'
  const apis = [middleTierUrl, todoApiUrl].map((url) => new URL(url).origin)
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${[...apis, authority].join(' ')}`,
    // MSAL renews a session in a hidden frame that ends on our own redirect.html.
    `frame-src 'self' ${authority}`,
    "frame-ancestors 'self'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')
}
