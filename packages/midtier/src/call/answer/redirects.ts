// A file that an API keeps elsewhere, as Microsoft Graph does in storage: its redirect is followed, and nothing of ours goes along.
import { refuseArgument } from '../../kernel/check-argument.ts'
import { DownstreamError } from '../../kernel/errors/errors.ts'
import { isSecure } from '../../kernel/http/loopback.ts'
import { Answer } from './answer.ts'
import type { CallEnd } from '../call-end.ts'
import type { DownstreamSettings } from '../downstream-settings.ts'
import type { DownstreamCallOptions } from '../request/request.ts'
import { unanswered, type SendPorts } from '../send-once.ts'

/** Options of a call that reads a file. */
export interface DownstreamReadOptions extends DownstreamCallOptions {
  /**
   * `'without-token'` follows redirects, three at most, by https and with nothing of the request: no token, no header, no cookie. Default: a
   * redirect is not followed, and so a `DownstreamError`. Risk: the API decides which host this process asks.
   */
  readonly followRedirects?: 'without-token' | undefined
  /**
   * Hosts that a redirect may lead to, compared in full, with the port where it is not the default: `['contoso.sharepoint.com']`. Default:
   * every host but addresses and names of internal networks; which address a name leads to is not checked.
   */
  readonly redirectHosts?: readonly string[] | undefined
}

/** @throws AcquisitionError `argument_invalid`: a list that is a text would allow nothing, and `true` would not be what anybody means. */
export function checkRedirecting({ followRedirects, redirectHosts }: DownstreamReadOptions): void {
  if (followRedirects !== undefined && (followRedirects as unknown) !== 'without-token')
    throw refuseArgument('followRedirects', "must be 'without-token'")
  const hosts: unknown = redirectHosts
  if (hosts !== undefined && !(Array.isArray(hosts) && hosts.every((host) => typeof host === 'string')))
    throw refuseArgument('redirectHosts', 'must be a list of texts: write [host]')
}

const mostRedirects = 3
const followed: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Where a redirect is followed from. */
export interface Redirected {
  readonly answer: Answer
  readonly from: URL
  readonly hosts: readonly string[] | undefined
  readonly end: CallEnd
}

/**
 * The answer that the redirects of an answer lead to, or the answer itself.
 *
 * @throws DownstreamError for a redirect that is not followed, and when no answer came.
 */
export async function followWithoutToken(
  settings: DownstreamSettings,
  ports: SendPorts,
  { answer: first, from, hosts, end }: Redirected,
): Promise<Answer> {
  let answer = first
  let at = from
  for (let count = 0; followed.has(answer.status); count += 1) {
    await answer.cancel()
    if (count === mostRedirects) throw notFollowed(settings, answer, 'too often')
    at = targetOf(settings, answer, at, hosts)
    answer = await ask(settings, ports, at, end)
  }
  return answer
}

/** @throws DownstreamError for any place that is not by https, on a host that may be asked. */
function targetOf(
  settings: DownstreamSettings,
  answer: Answer,
  from: URL,
  hosts: readonly string[] | undefined,
): URL {
  const location = answer.headers.get('location')
  if (location === null || !URL.canParse(location, from)) throw notFollowed(settings, answer, 'nowhere')
  const url = new URL(location, from)
  const { host, hostname, username, password } = url
  const isAllowed =
    hosts === undefined ? isPublicName(hostname) : hosts.some((each) => each.toLowerCase() === host)
  if (!isAllowed) throw notFollowed(settings, answer, `to the host ${host}, which it may not`)
  if (username !== '' || password !== '')
    throw notFollowed(settings, answer, 'to a URL with user information')
  // Plain http within this machine, where a test names it.
  if (!isSecure(url)) throw notFollowed(settings, answer, 'to a place without https')
  return url
}

const internalNames =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|lan|corp|home|home\.arpa|svc)\.?$/

/** Not an address (the URL parser writes every IPv4 spelling with dots), not a single label, not of a network's own names. */
function isPublicName(hostname: string): boolean {
  const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname)
  return !isAddress && /[^.]\.[^.]/.test(hostname) && !internalNames.test(hostname)
}

async function ask(settings: DownstreamSettings, ports: SendPorts, url: URL, end: CallEnd): Promise<Answer> {
  const startedMs = ports.passedMs()
  const report = (status: number | undefined): void => {
    const durationMs = ports.passedMs() - startedMs
    ports.context.observe({
      type: 'downstream_redirected',
      api: settings.name,
      host: url.host,
      status,
      durationMs,
    })
  }
  try {
    const response = await ports.fetch(url, {
      method: 'GET',
      redirect: 'manual',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: end.signal,
    })
    // The query of such a URL is a credential itself.
    const answer = new Answer(response, { api: settings.name, secret: url.search, end })
    report(answer.status)
    return answer
  } catch (error) {
    report(undefined)
    const whom = `The host that the downstream API '${settings.name}' redirects to`
    throw unanswered(settings.name, whom, error, [url.href, url.search])
  }
}

function notFollowed({ name }: DownstreamSettings, { status }: Answer, where: string): DownstreamError {
  return new DownstreamError(name, `The downstream API '${name}' redirects ${where}: not followed`, status)
}
