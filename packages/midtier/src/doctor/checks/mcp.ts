// The API as an MCP server: what of its metadata Entra would refuse, and whether the running server serves those very metadata.
import { HttpError, sendHttp } from '../../kernel/http/http.ts'
import { resourceMetadataUrl } from '../../bearer/resource-metadata.ts'
import { parseJsonObject, type JsonObject } from '../../kernel/json.ts'
import { findUnworkable } from '../../protect/mcp-registration.ts'
import { scopeNames } from '../../protect/requirements/requirements.ts'
import type { Check } from '../check.ts'
import { failed, passed, skipped, type Finding } from '../finding.ts'
import type { Subject } from '../subject.ts'

export const examineMcp: Check = async (subject) => {
  const { settings, requirements, url } = subject
  if (settings.resource === undefined) return []
  const { metadata } = settings.resource
  const demanded = [...scopeNames(settings.validator.requirements), ...scopeNames(requirements)]
  const wrong = findUnworkable(metadata, demanded).map(({ option, message }) =>
    failed('resource', {
      is: `${option} ${message}`,
      mend: `correct ${option} in the options of createWebApi`,
    }),
  )
  const stated = wrong.length === 0 ? [passed('resource', metadata.resource)] : wrong
  if (url === undefined)
    return [
      ...stated,
      skipped('resource_metadata', 'the running server was not asked', 'say where it is: --url <url>'),
    ]
  return [...stated, await examineServed(url, metadata.resource, subject)]
}

async function examineServed(url: string, resource: string, { settings }: Subject): Promise<Finding> {
  const address = resourceMetadataUrl(url)
  const should = `${address} names ${resource} as resource`
  const mend =
    'serve the metadata (serveResourceMetadata, or the gate of midtier/mcp), and let the proxy in front pass /.well-known through'
  const document = await read(address, settings.fetch)
  if (typeof document === 'string') return failed('resource_metadata', { is: document, should, mend })
  const named = document['resource']
  if (named === resource && named === url) return passed('resource_metadata', `${address} names ${resource}`)
  return failed('resource_metadata', {
    is: `it names ${typeof named === 'string' ? named : 'no resource'}, the option resource ${resource}, and clients call ${url}`,
    should: 'all three are the same, to the letter: clients compare (RFC 9728 §3.3)',
    mend: 'set resource.identifier to the URL that clients are given, and start the server with these options',
  })
}

async function read(address: string, fetch: Subject['settings']['fetch']): Promise<JsonObject | string> {
  try {
    const headers = { accept: 'application/json' }
    const { status, text } = await sendHttp(fetch, { method: 'GET', url: address, headers, ...limits })
    const document = parseJsonObject(text)
    if (status === 200 && document !== undefined) return document
    return `${address} answered with status ${String(status)}`
  } catch (error) {
    if (error instanceof HttpError) return `${address}: ${error.message}`
    throw error
  }
}

const limits = { timeoutMs: 20_000, maxResponseBytes: 262_144 } as const
