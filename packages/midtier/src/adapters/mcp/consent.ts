// URL elicitation: a client that offers it is sent to the page where consent is given, in the way of the protocol revision that it speaks.
import { findCall, type McpCall, type McpToolContext } from './auth-info.ts'

/** Where the consent is given. */
export interface ConsentPage {
  readonly url: string
  readonly message: string
}

/** What of the SDK's `Server` is used; both generations have it. */
export interface Elicitor {
  getClientCapabilities(): { elicitation?: unknown } | undefined
  elicitInput(
    params: { mode: 'url'; message: string; url: string; elicitationId: string },
    options?: { relatedRequestId?: string | number },
  ): Promise<{ action: string }>
}

/** What the handlers of 2.x are handed of a request, beside the HTTP of it. */
interface Context extends McpToolContext {
  readonly requestId?: string | number | undefined
  readonly mcpReq?: {
    readonly id?: string | number
    readonly envelope?: Readonly<Record<string, unknown>>
    readonly inputResponses?: Readonly<Record<string, unknown>>
  }
}

const inputName = 'consent'

/** A stream that is to begin has begun by then. */
const longestBeginningMs = 500

/**
 * The result by which a server of 2026-07-28 asks for input; the client asks the person and calls the tool again. `undefined` where the
 * client does not offer it or speaks an earlier revision, and where it was asked already: consent that is still missing then was not given.
 */
export function askInResult({ url, message }: ConsentPage, context: unknown): object | undefined {
  const { mcpReq } = (context ?? {}) as Context
  const capabilities = mcpReq?.envelope?.['io.modelcontextprotocol/clientCapabilities']
  if (!offersUrls(capabilities) || mcpReq?.inputResponses?.[inputName] !== undefined) return undefined
  const request = { method: 'elicitation/create', params: { mode: 'url', message, url } }
  return { resultType: 'input_required', inputRequests: { [inputName]: request } }
}

/**
 * Asks a client of 2025-11-25 on the stream of its call. Where that cannot be done, the words of a tool error have to do: a transport that
 * answers with JSON drops the question, and the SDK would wait a minute for the answer.
 */
export async function askOnStream(
  { url, message }: ConsentPage,
  context: McpToolContext | undefined,
  elicitor: Elicitor | undefined,
): Promise<'accept' | 'decline' | 'unasked'> {
  if (elicitor === undefined || !offersUrls(elicitor.getClientCapabilities())) return 'unasked'
  const call = findCall(context)
  if (call !== undefined && !(await hasStream(call))) return 'unasked'
  const { requestId, mcpReq } = (context ?? {}) as Context
  const relatedRequestId = requestId ?? mcpReq?.id
  try {
    const params = { mode: 'url', message, url, elicitationId: crypto.randomUUID() } as const
    const { action } = await elicitor.elicitInput(
      params,
      relatedRequestId === undefined ? {} : { relatedRequestId },
    )
    return action === 'accept' || action === 'decline' ? action : 'unasked'
  } catch {
    return 'unasked' // the stream is gone, the client is slow, or the revision has no such request: the address is told in words
  }
}

/** A tool may fail before its transport has begun; one that answers with JSON begins when the tool has ended. */
async function hasStream(call: McpCall): Promise<boolean> {
  if (call.streams === undefined)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longestBeginningMs)
      call.onBegun = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  return call.streams === true
}

function offersUrls(capabilities: unknown): boolean {
  const { elicitation } = (capabilities ?? {}) as { readonly elicitation?: { readonly url?: unknown } }
  return elicitation?.url !== undefined
}
