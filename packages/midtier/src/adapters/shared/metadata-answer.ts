// The protected-resource metadata of an API (RFC 9728) as answers to anybody: browsers, preflights and wrong methods included.
import {
  resourceMetadataPath,
  resourceMetadataUrl,
  type ResourceMetadata,
} from '../../bearer/resource-metadata.ts'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { hasMark, lazyMark } from '../../kernel/errors/marks.ts'
import type { WebApi } from '../../web-api/web-api.ts'
import { checkApi } from './check-use.ts'
import { pathOf, type PlainAnswer } from './plain-answer.ts'

/** The answer to a request; `undefined` for one that is not about metadata. */
export type AnswerMetadata = (method: string, url: string) => PlainAnswer | undefined

/**
 * Prepares the answers: at the well-known path, and at the same path followed by that of the resource.
 *
 * @throws ConfigurationError when the API has no `resource`: at once, or with the first request when the API reads its options later.
 */
export function createMetadataAnswers(api: WebApi): AnswerMetadata {
  checkApi(api, 'serveResourceMetadata(api)')
  let found: ResourceFacts | undefined
  const facts = (): ResourceFacts => (found ??= findResource(api))
  if (!hasMark(api, lazyMark)) facts() // a mistake is said at once where the options can be read at once
  return (method, url) => {
    const { metadata, paths } = facts()
    if (!paths.includes(pathOf(url))) return undefined
    if (method === 'OPTIONS') return { status: 204, headers: readableByAll, body: undefined }
    if (method !== 'GET' && method !== 'HEAD')
      return { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' }, body: undefined }
    const headers = { ...readableByAll, 'content-type': 'application/json; charset=utf-8' }
    return { status: 200, headers, body: JSON.stringify(metadata) }
  }
}

interface ResourceFacts {
  readonly metadata: ResourceMetadata
  readonly paths: readonly string[]
}

function findResource(api: WebApi): ResourceFacts {
  const metadata = api.resourceMetadata()
  if (metadata === undefined)
    throw new ConfigurationError(
      'resource',
      'is missing: say what this API is called, to have metadata to serve',
    )
  return {
    metadata,
    paths: [resourceMetadataPath, new URL(resourceMetadataUrl(metadata.resource)).pathname],
  }
}

/** Public facts, wanted by clients in browsers: without CORS they could not begin. */
const readableByAll = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': '*',
  'cache-control': 'public, max-age=3600',
}
