// Every adapter that the matrix holds for.
import type { Adapter } from './adapter.ts'
import { expressAdapters } from './express.ts'
import { fastify } from './fastify.ts'
import { webStandard } from './fetch.ts'
import { hono } from './hono.ts'
import { koa } from './koa.ts'
import { nestAdapters } from './nest.ts'
import { nodeHttp } from './node-http.ts'

export const adapters: readonly Adapter[] = [
  ...expressAdapters,
  fastify,
  hono,
  koa,
  ...nestAdapters,
  nodeHttp,
  webStandard,
]
