// An application in which nobody handles errors: Express answers them with a page, and the challenge is lost where nothing of ours sees it.

/** What is looked at of an application, or of a router in it: Express 4 has `_router`. */
interface Stacked {
  readonly _router?: Stacked
  readonly router?: Stacked
  readonly parent?: Stacked
  readonly stack?: readonly Layer[]
}

interface Layer {
  readonly handle?: ((...given: never[]) => unknown) & Stacked
  readonly route?: Stacked
}

/** Says so. An error handler of the application's own is taken for one that knows: what it does cannot be seen. */
export function warnWithoutRenderErrors(application: object): void {
  for (let each: Stacked | undefined = application; each !== undefined; each = each.parent)
    if (handlesErrors(each._router ?? each.router)) return
  // eslint-disable-next-line no-console -- there is nobody else to tell, and a lost challenge tells nobody
  console.error('midtier: nobody renders errors here: write app.use(renderErrors()) behind the routes')
}

/** By the four parameters that Express knows an error handler by. */
function handlesErrors(router: Stacked | undefined): boolean {
  const layers = router?.stack
  if (!Array.isArray(layers)) return false
  return (layers as readonly Layer[]).some(
    ({ handle, route }) => handle?.length === 4 || handlesErrors(handle) || handlesErrors(route),
  )
}
