// Reads what the middle-tier API answers: its content, or a refusal as an error that says whose turn it is.
import { parseBearerChallenge, type BearerChallenge } from './challenge.ts'
import { readNeed } from './need.ts'
import { InteractionNeeded } from './session.ts'

/** The API answered with something other than success. */
export class Refusal extends Error {
  readonly status: number
  /** Stable name of what is wrong, such as `blocked`. */
  readonly reason: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, { detail, reason }: Problem, retryAfterSeconds: number | undefined) {
    super(detail)
    this.name = 'Refusal'
    this.status = status
    this.reason = reason
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** No answer came at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** The content of a success. @throws Refusal, InteractionNeeded */
export async function readAnswer(response: Response): Promise<unknown> {
  const challenge = readChallenge(response)
  // A fresh token was refused as well, one with other claims is wanted, or a consent: only the person can help.
  if (challenge !== undefined && (response.status === 401 || challenge.wantsConsent))
    throw new InteractionNeeded(readNeed(challenge), (await readProblem(response)).detail)
  if (!response.ok) throw await readRefusal(response)
  return response.status === 204 ? undefined : await response.json()
}

/** The challenge of a refusal. */
export function readChallenge(response: Response): BearerChallenge | undefined {
  return parseBearerChallenge(response.headers.get('www-authenticate'))
}

async function readRefusal(response: Response): Promise<Refusal> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new Refusal(
    response.status,
    await readProblem(response),
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  )
}

/** What problem+json says, as far as the page makes use of it. */
interface Problem {
  readonly detail: string
  readonly reason: string | undefined
}

async function readProblem(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.includes('json') !== true)
    return { detail: '', reason: undefined }
  const body = (await response.json()) as { readonly detail?: unknown; readonly reason?: unknown } | null
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return { detail: text(body?.detail) ?? '', reason: text(body?.reason) }
}
