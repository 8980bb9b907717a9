// The versions of Express, and the ways of writing an asynchronous handler in each, that every case about the adapter holds for.
import express5, { type RequestHandler } from 'express'
import express4 from 'express-4'
import { handle } from '../../src/adapters/express.ts'

type AsyncHandler = (...given: Parameters<RequestHandler>) => unknown

export interface Flavour {
  readonly name: string
  readonly express: typeof express5
  /** An asynchronous handler as this version needs it. */
  readonly wrap: (handler: AsyncHandler) => RequestHandler
}

export const flavours: readonly Flavour[] = [
  { name: 'Express 5', express: express5, wrap: (handler) => handler },
  { name: 'Express 5 with handle', express: express5, wrap: handle },
  { name: 'Express 4 with handle', express: express4, wrap: handle },
]
