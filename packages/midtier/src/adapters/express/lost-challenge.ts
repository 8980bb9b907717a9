// An error handler of the application that answers an error of ours by itself: its caller needed a challenge, and was given none.
import type { NextFunction, Request, Response } from 'express'
import { render } from '../../answer/render.ts'
import type { Layer } from './stack.ts'

type Handle = (error: unknown, request: Request, response: Response, next: NextFunction) => unknown

const watched = new WeakSet()

/** Looks what becomes of an error of ours that a handler is asked about; one that lets it pass, or that challenges by itself, is right. */
export function watchErrorHandlers(layers: readonly Layer[]): void {
  let isSaid = false
  const say = (): void => {
    if (isSaid) return
    isSaid = true
    const remedy = 'write app.use(renderErrors()) behind the routes, and in front of it'
    // eslint-disable-next-line no-console -- there is nobody else to tell, and a lost challenge tells nobody
    console.error(`midtier: an error handler took the challenge of an error away: ${remedy}`)
  }
  for (const layer of layers) {
    const handle = layer.handle as Handle | undefined
    if (handle === undefined || watched.has(handle) || Object.isFrozen(layer)) continue
    const watching: Handle = (error, request, response, next) => {
      if (!isSaid) noteAnswer(error, response, say)
      return handle(error, request, response, next)
    }
    watched.add(watching)
    layer.handle = watching as never
  }
}

function noteAnswer(error: unknown, response: Response, say: () => void): void {
  if (response.headersSent || render(error)?.headers['www-authenticate'] === undefined) return
  response.once('finish', () => {
    if (!response.hasHeader('www-authenticate')) say()
  })
}
