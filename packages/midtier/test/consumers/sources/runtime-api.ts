// A user's program for any runtime: a web-standard handler behind `midtier/fetch`, and one route by the index alone.
import { type Account, clientSecret, createWebApi, render, type WebApiOptions } from 'midtier'
import { currentCaller, runWithCaller } from 'midtier/context'
import { protect } from 'midtier/fetch'

/** Where the emulator and the To Do API are. */
export interface Places {
  readonly EMULATOR: string
  readonly TODO: string
}

type Handler = (request: Request) => Promise<Response>

/** Each route says whom it took for its caller, and what the To Do API took for the user. */
export function createHandler(places: Places, options: Partial<WebApiOptions> = {}): Handler {
  const api = createWebApi({
    tenantId: 'contoso.onmicrosoft.com',
    clientId: 'a0000000-0000-4000-8000-000000000002',
    instance: places.EMULATOR,
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    downstreamApis: {
      todolist: {
        baseUrl: `${places.TODO}/api/`,
        scopes: ['api://a0000000-0000-4000-8000-000000000003/.default'],
      },
    },
    runWithCaller,
    ...options,
  })
  const requirements = { scopes: ['access_as_user'] }
  const routes: Readonly<Record<string, Handler>> = {
    '/todos': protect(api, requirements, async (_request, caller) => {
      const todos = await caller.downstream('todolist').getJson('todos')
      return Response.json({ caller: caller.account, current: currentCaller().account, todos })
    }),
    '/thrice': protect(api, requirements, async (_request, caller) => {
      const ask = (): Promise<unknown> => caller.downstream('todolist').getJson('todos')
      return Response.json(await Promise.all([ask(), ask(), ask()]))
    }),
    '/relay': protect(api, requirements, (_request, caller) => caller.downstream('todolist').relay('todos')),
    '/admin': protect(api, { scopes: ['admin'] }, () => Response.json('never')),
    '/direct': async ({ method, url, headers }) => {
      try {
        const caller = await api.authenticate(
          { header: (name) => headers.get(name), method, url },
          requirements,
        )
        const account: Account | undefined = caller.account
        return Response.json({ caller: account, todos: await caller.downstream('todolist').getJson('todos') })
      } catch (error) {
        const answer = render(error)
        return new Response(answer?.body ?? null, answer)
      }
    },
  }
  return async (request) =>
    (await routes[new URL(request.url).pathname]?.(request)) ?? new Response(null, { status: 404 })
}
