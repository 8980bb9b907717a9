// The address of a Microsoft Graph: without its version nothing is found there.
import { isSecure } from '../kernel/http/loopback.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError */
export function checkGraphUrl(url: string | undefined): void {
  if (url === undefined) return
  if (!URL.canParse(url))
    throw new UsageError('--graph-url: is no URL; give https://graph.microsoft.com/v1.0')
  const parsed = new URL(url)
  if (!isSecure(parsed))
    throw new UsageError(
      '--graph-url: must be https; plain http is for loopback hosts alone, a token travels on it',
    )
  if (!/\/(?:v1\.0|beta)\/*$/.test(parsed.pathname))
    throw new UsageError('--graph-url: names no version; end it with /v1.0')
}
