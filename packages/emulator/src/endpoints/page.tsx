// Sends a page with the headers that keep it to itself: no foreign script, frame, referrer or cache.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { adviceFor } from '../kernel/aadsts-advice.ts'
import { describeError, formatTimestamp, type AadstsError } from '../kernel/aadsts-error.ts'
import { parseUrl } from '../directory/redirect-uris.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import type { InlineStyle } from '../ui/inline-style.ts'
import { ErrorPage } from '../ui/error-page.tsx'
import { WithPageContext } from '../ui/page-context.tsx'

/** What a page needs beyond the usual. */
export interface PageOptions {
  readonly status?: ContentfulStatusCode
  /** Where a form of this page may lead: Chromium applies `form-action` to the redirects after a post as well. */
  readonly redirectUri?: string | undefined
  /** Addresses that the page has in frames; default none. */
  readonly frames?: readonly string[]
  /** The style that stands in the page; default none. */
  readonly style?: InlineStyle | undefined
}

/** Sends a page. */
export function sendPage(
  c: EmulatorContext,
  page: JSX.Element,
  { status = 200, ...options }: PageOptions = {},
): Response | Promise<Response> {
  c.header('content-security-policy', contentSecurityPolicy(options))
  c.header('cache-control', 'no-store')
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
  c.header('x-ms-request-id', c.get('exchange').traceId)
  const told = c.get('pageContext')?.()
  return c.html(told === undefined ? page : <WithPageContext told={told}>{page}</WithPageContext>, status)
}

const defaultTitle = 'Sorry, but we’re having trouble signing you in.'

/** Sends an error as a page, because it cannot be sent to the application. */
export function sendErrorPage(
  c: EmulatorContext,
  error: AadstsError,
  { title = defaultTitle, advice }: { readonly title?: string; readonly advice?: string } = {},
): Response | Promise<Response> {
  const exchange = c.get('exchange')
  exchange.note({ error: [error.code], shown: `error page: ${title}` })
  const [message = ''] = describeError(error, exchange).split(' Trace ID: ')
  const page = (
    <ErrorPage
      title={title}
      code={`AADSTS${String(error.code)}`}
      message={message.replace(/^AADSTS\d+: /, '')}
      advice={advice ?? adviceFor(error.code)}
      help={c.get('helpWith')?.(error)}
      logHref={`/_emulator/log/${exchange.traceId}`}
      correlationId={exchange.correlationId}
      traceId={exchange.traceId}
      timestamp={formatTimestamp(exchange.time)}
    />
  )
  return sendPage(c, page, { status: error.row.status as ContentfulStatusCode })
}

function contentSecurityPolicy({ redirectUri, frames = [], style }: PageOptions): string {
  const target = redirectUri === undefined ? undefined : parseUrl(redirectUri)
  // Custom schemes have no origin; the scheme itself is a source.
  const source = target && (target.origin === 'null' ? target.protocol : target.origin)
  const formAction = source === undefined ? "'self'" : `'self' ${source}`
  const styles = style === undefined ? "'self'" : style.source
  const own = `style-src ${styles}; img-src 'self'; script-src 'self'; connect-src 'self'`
  const framed = [...new Set(frames.map((url) => new URL(url).origin))].join(' ')
  const frameSource = framed === '' ? '' : `; frame-src ${framed}`
  return `default-src 'none'; ${own}${frameSource}; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`
}
