// The body of an answer, for an answer that is made anew with it.

/** Statuses of answers that have no body; a `Response` cannot be made with both. @see https://fetch.spec.whatwg.org/#null-body-status */
export const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

const answers = new WeakMap<object, Response>()

/**
 * The body, if its status allows one. It keeps its answer: the platform's `fetch` gives up the unread body of an answer that is garbage
 * (undici), and whoever read the body later would find it empty.
 */
export function bodyOf(answer: Response): Response['body'] {
  const { body, status } = answer
  if (body == null || withoutBody.has(status)) return null // a `fetch` of one's own may leave it out
  answers.set(body, answer)
  return body
}
