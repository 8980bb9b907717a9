// What an application tells the compiler about itself, for places that it cannot be told at: Express' request has one type for all of them.
/* eslint-disable @typescript-eslint/no-empty-object-type -- an application merges into it */
import type { Caller } from './caller.ts'
import type { WebApi } from './web-api.ts'

/**
 * To be merged into by the application that has one web API, so that `req.caller` of Express and `currentCaller()` know the names of its
 * downstream APIs. Without it they take every name.
 * @example
 * ```ts
 * const api = createWebApi({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: 'a0000000-0000-4000-8000-000000000002',
 *   clientCredential: clientSecret(process.env['CLIENT_SECRET']),
 *   downstreamApis: { graph: { baseUrl: 'https://graph.microsoft.com/v1.0/', scopes: ['User.Read'] } },
 * })
 * declare module 'midtier' {
 *   interface Register {
 *     api: typeof api
 *   }
 * }
 * ```
 */
export interface Register {}

/** A caller of the web API in {@link Register}: it knows the names of its downstream APIs, and takes every name where there is none. */
export type RegisteredCaller = Register extends { readonly api: WebApi<infer Api> } ? Caller<Api> : Caller
