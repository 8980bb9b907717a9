// The current caller behind every adapter: that of the request, also where its body was read, and nobody where it was not asked for.
import { describe, expect, it } from 'vitest'
import { findCurrentCaller, runWithCaller } from '../../../src/adapters/context.ts'
import { authorization, createApi, createWays, places, users } from '../context-ways.ts'
import { endNoProcess } from '../express-server.ts'
import { adapters } from './adapters.ts'
import { closeAll, start } from './listening.ts'

endNoProcess()
closeAll()

describe.each(adapters)('$name', (adapter) => {
  it('has the caller of each of 200 requests at once as its current one, whichever way the code goes on', async () => {
    const go = createWays(users.length)
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          method: 'POST',
          protect: [createApi(runWithCaller)],
          handle: async ({ body, answerJson }) => answerJson({ body: await body(), ...(await go()) }),
        },
      ],
    })
    const answers = await Promise.all(
      users.map(async (oid) => {
        const headers = { ...authorization(oid), 'content-type': 'text/plain' }
        return (await (await fetch(url, { method: 'POST', headers, body: oid })).json()) as object
      }),
    )
    answers.forEach((answer, index) => {
      expect(Object.keys(answer)).toHaveLength(places + 1)
      expect(new Set(Object.values(answer))).toEqual(new Set([users[index]]))
    })
  })

  it('has none where it was not asked for', async () => {
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          protect: [createApi()],
          handle: ({ answerJson }) => answerJson(findCurrentCaller() ?? 'nobody'),
        },
      ],
    })
    expect(await (await fetch(url, { headers: authorization(users[0]!) })).json()).toBe('nobody')
  })
})
