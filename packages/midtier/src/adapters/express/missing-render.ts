// An application in which nobody handles the errors of what protect guards: Express answers them with a page, and the challenge is lost
// where nothing of ours sees it.
import type { RequestHandler } from 'express'
import { watchErrorHandlers } from './lost-challenge.ts'
import { errorHandlersOf, layersOf, routersOf, type Stacked } from './stack.ts'

const protecting = new WeakSet()

/** @param middleware One of `protect`, by which it is known in a stack. */
export function remember(middleware: RequestHandler): RequestHandler {
  protecting.add(middleware)
  return middleware
}

/**
 * Says so. An error handler of the application's own behind the routes is taken for one that knows: what it does is seen when it has done it.
 *
 * @param application By whose first protected request it is looked at, once.
 */
export function warnWithoutRenderErrors(application: object): void {
  const [own = {}, ...around] = routersOf(application)
  const inside = errorHandlersOf(own)
  const outside = around.flatMap(errorHandlersOf)
  watchErrorHandlers([...inside, ...outside])
  if (outside.length > 0 || (inside.length > 0 && !leavesErrors(own))) return
  const remedy = 'write app.use(renderErrors()) behind the routes'
  // eslint-disable-next-line no-console -- there is nobody else to tell, and a lost challenge tells nobody
  console.error(`midtier: nobody renders errors of what protect guards: ${remedy}`)
}

/** Whether something protected has no error handler behind it, in the order in which Express goes from one layer to the next. */
function leavesErrors(stacked: Stacked): boolean {
  for (const { handle, route } of [...layersOf(stacked)].reverse()) {
    if (handle?.length === 4) return false
    if (handle !== undefined && protecting.has(handle)) return true
    if ([handle, route].some((inner) => inner !== undefined && leavesErrors(inner))) return true
  }
  return false
}
