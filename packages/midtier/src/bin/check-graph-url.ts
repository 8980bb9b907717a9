// The address of a Microsoft Graph: without its version nothing is found there.
import { UsageError } from './usage-error.ts'

/** @throws UsageError */
export function checkGraphUrl(url: string | undefined): void {
  if (url === undefined) return
  if (!URL.canParse(url))
    throw new UsageError('--graph-url: is no URL; give https://graph.microsoft.com/v1.0')
  if (!/\/(?:v1\.0|beta)\/*$/.test(new URL(url).pathname))
    throw new UsageError('--graph-url: names no version; end it with /v1.0')
}
