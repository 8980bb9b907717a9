// One request on its way through the emulator: its ids, and what is learnt about it for the request log.
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { AadstsError } from '../kernel/aadsts-error.ts'
import type { ErrorHelp, PageContext } from '../kernel/page-context.ts'
import type { Look } from '../kernel/decision.ts'
import type { Listener } from '../kernel/origins.ts'
import type { RequestRecord } from '../kernel/request-log.ts'

/** What hono hands to every handler. */
export interface EmulatorEnv {
  /** Which of the emulator's own listeners a request arrived at is never taken from the Host header. */
  readonly Bindings: HttpBindings & { readonly listener: Listener }
  readonly Variables: {
    readonly exchange: Exchange
    /** What pages are told about the emulator around them; absent where nobody tells. */
    readonly pageContext?: () => PageContext
    /** What the emulator knows about an error; absent where nobody tells. */
    readonly helpWith?: (error: AadstsError) => ErrorHelp | undefined
  }
}

/** A handler's view of a request. */
export type EmulatorContext = Context<EmulatorEnv>

/** A parameter of the path, which the route of the request has. */
export function routeParameter(c: EmulatorContext, name: string): string {
  return c.req.param(name) ?? ''
}

/** One request. */
export interface Exchange {
  /** Trace id in Entra's sense: `x-ms-request-id`. */
  readonly traceId: string
  readonly correlationId: string
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly time: number
  readonly facts: Readonly<Partial<RequestRecord>>
  /** Every name of the API that a token is requested for. */
  readonly resourceNames: readonly string[]
  readonly note: (facts: Partial<RequestRecord>) => void
  /** Begins a check. */
  readonly look: Look
  /** Says that the answer is a page on which the user is asked for what is missing. */
  readonly ask: () => void
}
