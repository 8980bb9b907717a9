// Redirects of a downstream API, where they are switched on: followed with nothing of the request, no token, no header, no body.
import { Refusal } from '../kernel/refusals.ts'

const followed: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const mostRedirects = 5

/**
 * The answer that redirects lead to. A redirect that would need the method or the body again comes back as it is.
 *
 * @param signal Ends all of it together.
 * @throws Refusal 502 where no answer comes, or no end.
 */
export async function followRedirects(
  first: Response,
  from: URL,
  method: string,
  signal: AbortSignal,
): Promise<Response> {
  let answer = first
  let at = from
  for (let count = 0; followed.has(answer.status); count += 1) {
    const next = targetOf(answer, at, method)
    if (next === undefined) return answer
    await answer.body?.cancel()
    if (count === mostRedirects) throw new Refusal(502, 'The downstream API redirects too often.')
    at = next
    answer = await ask(at, signal)
  }
  return answer
}

/** The reason of the signal comes out as it is; why else there is no answer is nobody's business but the owner's of the API. */
async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal })
  } catch {
    signal.throwIfAborted()
    throw new Refusal(502, `The host that the downstream API redirects to does not answer: ${url.host}`)
  }
}

function targetOf(answer: Response, from: URL, method: string): URL | undefined {
  const isRead = method === 'GET' || method === 'HEAD' || answer.status === 303
  const location = answer.headers.get('location')
  if (!isRead || location === null || !URL.canParse(location, from)) return undefined
  const url = new URL(location, from)
  // Never from https to plain http, and never with user information.
  const isKept = url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:')
  return isKept && url.username === '' && url.password === '' ? url : undefined
}
