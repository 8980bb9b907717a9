// The body of an answer, for an answer that is made anew with it.

const answers = new WeakMap<object, Response>()

/**
 * The body, which keeps its answer: the platform's `fetch` gives up the unread body of an answer that is garbage (undici), and whoever
 * read the body later would find it empty.
 */
export function bodyOf(answer: Response): Response['body'] {
  const { body } = answer
  if (body !== null) answers.set(body, answer)
  return body
}
