// What loggers print of an error, and a `fetch` whose errors would give them much to print.
import { inspect } from 'node:util'

/** What loggers make of an error, pino's serializer included: messages and stacks of all causes joined, and every enumerable member. */
export function printed(error: Error): string {
  const texts = [inspect(error, { depth: 10, getters: true }), JSON.stringify(error)]
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    texts.push(at.message, at.stack ?? '')
    for (const name in at) texts.push(inspect(at[name as keyof Error], { depth: 10 }))
  }
  return texts.join('\n')
}

/** Fails as wrapped clients do: with the whole request on the error, in its message, and again in its cause. */
export async function throwItsRequest(input: string | URL, init: RequestInit = {}): Promise<never> {
  const request = {
    url: String(input),
    headers: Object.fromEntries(new Headers(init.headers)),
    body: init.body as string,
  }
  const make = (more: object): Error =>
    Object.assign(new TypeError(`failed: ${JSON.stringify(request)}`), { request, ...more })
  throw make({ code: 'ECONNRESET', cause: make({ deep: { deeper: { deepest: request } } }) })
}
