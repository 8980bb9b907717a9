// What an application of Express, or a router or a route in it, consists of: layers, in the order in which they are asked.

/** What is looked at of an application: Express 4 has `_router`. */
export interface Application {
  readonly _router?: Stacked
  readonly router?: Stacked
  readonly parent?: Application
}

/** A router, or a route. */
export interface Stacked {
  readonly stack?: readonly Layer[]
}

/** One step of a stack: a middleware, a router, a route or an error handler. */
export interface Layer {
  handle?: ((...given: never[]) => unknown) & Stacked
  readonly route?: Stacked
}

/** An application itself, and those that it is mounted in. */
export function routersOf(application: Application | undefined): readonly Stacked[] {
  if (application === undefined) return []
  return [application._router ?? application.router ?? {}, ...routersOf(application.parent)]
}

export function layersOf({ stack }: Stacked): readonly Layer[] {
  return Array.isArray(stack) ? (stack as readonly Layer[]) : []
}

/** All error handlers, by the four parameters that Express knows them by. */
export function errorHandlersOf(stacked: Stacked): readonly Layer[] {
  return layersOf(stacked).flatMap((layer) => {
    if (layer.handle?.length === 4) return [layer]
    return [layer.handle, layer.route].flatMap((inner) => (inner === undefined ? [] : errorHandlersOf(inner)))
  })
}
