// What the matrix knows of an adapter: how to make a server of it that has given routes. Every case runs against every description.
import type { ServeHealthOptions } from '../../../src/adapters/shared/health-answer.ts'
import type { Caller } from '../../../src/web-api/caller.ts'
import type { Requirements } from '../../../src/web-api/requirements.ts'
import type { WebApi } from '../../../src/index.ts'

/** What a handler has in its hands, whatever the framework calls it. */
export interface Exchange {
  /** As handlers of the framework find it; reading it on a route without `protect` is the mistake that it is there. */
  readonly caller: Caller
  /** The body of the request. */
  readonly body: () => Promise<string>
  readonly answerJson: (value: unknown) => unknown
  /** The adapter's own `sendResponse`. */
  readonly sendResponse: (response: Response) => unknown
  /** An answer that begins with a text and that the end of the promise ends: a failure of it comes when headers were sent. */
  readonly answerSlowly: (beginning: string, end: Promise<unknown>) => unknown
}

export interface Route {
  readonly path: string
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'OPTIONS'
  /** Absent: anybody may ask. */
  readonly protect?: readonly [api: WebApi, requirements?: Requirements]
  readonly handle: (exchange: Exchange) => unknown
}

/** What is in front of everything, as a time limit or a logger is: it is told of each request. */
export interface InFront {
  /** Answers the request behind the back of everybody; see `answersInFront`. */
  readonly answer: (status: number, text: string) => void
  /** The same in two pieces, of which the second is sent when the test says so. */
  readonly begin: (status: number, text: string) => (rest: string) => void
  /** When the client has gone, or the answer has ended. */
  readonly closed: Promise<void>
}

export interface Application {
  readonly routes: readonly Route[]
  /** The API whose metadata is served. */
  readonly metadataOf?: WebApi
  /** The API whose health is served, in front of everything that protects. */
  readonly healthOf?: readonly [api: WebApi, options?: ServeHealthOptions | undefined]
  readonly inFront?: (inFront: InFront) => void
  /** Whether the errors that no `protect` sees are left to the framework: a mistake. */
  readonly withoutRenderErrors?: true
}

export interface Running {
  readonly url: string
  /** The errors that went the framework's way: those of others, and those that came too late. */
  readonly others: readonly unknown[]
  readonly close: () => void
}

export interface Adapter {
  readonly name: string
  readonly start: (application: Application) => Promise<Running>
  /** Whether something in front can answer behind the back of a handler; where a handler returns its answer, nothing can. */
  readonly answersInFront: boolean
  /** Where a handler can fail when its answer has begun, or where only the stream that it returned can. */
  readonly failsLate: 'handler' | 'stream'
  /** What answers when `renderErrors` was forgotten and a protected handler fails by an error of ours. */
  readonly forgotten: 'answered by protect' | 'refused by protect' | 'left to the framework'
  /** What was handed over without being called, or in the wrong place: the text that has to be said, and a server that has it. */
  readonly mistakes: Readonly<Record<string, Mistake>>
}

export interface Mistake {
  /** Part of what is said. */
  readonly says: string
  /** A server on which every request fails by the mistake; or what throws it at start-up. */
  readonly start: (api: WebApi) => Promise<Running> | Running
}
