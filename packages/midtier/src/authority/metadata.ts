// The authority's metadata document: whose issuer it is and where its keys are, believed only as far as it fits what was configured.
import { AuthorityUnavailableError } from '../kernel/errors/errors.ts'
import { HttpError, readRetryAfter, sendHttp, type AuthorityFetch } from '../kernel/http/http.ts'
import { parseJsonObject, type JsonObject } from '../kernel/json.ts'
import { causeOfSilence, describeRefusal, type OutageCause } from '../kernel/errors/lasting-outage.ts'
import { quoted } from '../kernel/quoted.ts'
import type { TrustedIssuer } from './authority.ts'
import { isIssuerTemplate, issuerOfTenant, tenantOfIssuer } from './issuer-template.ts'

/** What is taken from a metadata document. */
export interface AuthorityMetadata {
  /** Exact, or a template when the authority serves several tenants. */
  readonly issuer: string
  /** The one tenant of this issuer; `undefined` for a template and for a generic issuer. */
  readonly tenantId: string | undefined
  readonly keysUrl: string
  /** Which cloud the document speaks for; keys of another one are dropped. */
  readonly cloudInstanceName: string | undefined
}

/** Limits of one request to an authority. */
export interface AuthorityRequestLimits {
  /** From sending to the last byte. Milliseconds. */
  readonly timeoutMs: number
  /** Longest document. Bytes. */
  readonly maxResponseBytes: number
}

/** Why a metadata document is not believed. */
export interface MetadataFault extends OutageCause {
  readonly fault: string
}

/**
 * Reads a metadata document, or tells what is wrong with it.
 *
 * The issuer has to be the configured one and the keys have to be on the authority's own origins: a document that was poisoned
 * on the way cannot bring its own keys (RFC 8414 §3.3).
 */
export function parseMetadata(
  document: JsonObject,
  trusted: TrustedIssuer,
): AuthorityMetadata | MetadataFault {
  const { issuer, jwks_uri: keysUrl, cloud_instance_name: cloudInstanceName } = document
  if (typeof issuer !== 'string') return { fault: 'the metadata names no issuer' }
  const tenantId = trusted.tenantId ?? tenantOfIssuer(trusted.issuer, issuer)
  const expected = expectedIssuer(trusted, tenantId)
  if (issuer !== expected) return foreignIssuer(issuer, expected ?? trusted.issuer)
  if (typeof keysUrl !== 'string') return { fault: 'the metadata names no keys' }
  if (!isOnKeyOrigin(keysUrl, trusted, tenantId)) return foreignKeys(keysUrl, trusted, tenantId)
  return {
    issuer,
    tenantId,
    keysUrl,
    cloudInstanceName: typeof cloudInstanceName === 'string' ? cloudInstanceName : undefined,
  }
}

/** Metadata of another issuer than the configured one. The text of the document is somebody else's. */
export function foreignIssuer(named: string, expected: string): MetadataFault {
  return {
    fault: `the metadata names another issuer: ${quoted(named)} instead of ${quoted(expected)}`,
    reason: 'issuer_mismatch',
    remedy:
      'check instance and tenantId, or issuer and metadataUrl: the issuer is compared exactly; configure the one that the metadata names only if you know it to be yours',
  }
}

function foreignKeys(keysUrl: string, trusted: TrustedIssuer, tenantId: string | undefined): MetadataFault {
  const origin = URL.canParse(keysUrl) ? new URL(keysUrl).origin : keysUrl
  const origins = keyOriginsOf(trusted, tenantId).join(' or ')
  return {
    fault: `the metadata names keys on another origin: ${quoted(origin)} instead of ${origins}`,
    reason: 'issuer_mismatch',
    remedy:
      'check instance, or issuer and metadataUrl: keys are believed on the origin of the authority or of its metadata alone',
  }
}

/** A template is believed for several tenants alone: for one, it would let in every other. */
function expectedIssuer(trusted: TrustedIssuer, tenantId: string | undefined): string | undefined {
  if (tenantId !== undefined) return issuerOfTenant(trusted.issuer, tenantId)
  return trusted.multiTenant || !isIssuerTemplate(trusted.issuer) ? trusted.issuer : undefined
}

function isOnKeyOrigin(keysUrl: string, trusted: TrustedIssuer, tenantId: string | undefined): boolean {
  if (!URL.canParse(keysUrl)) return false
  const url = new URL(keysUrl)
  if (url.username !== '' || url.password !== '') return false
  return keyOriginsOf(trusted, tenantId).includes(url.origin)
}

function keyOriginsOf({ keyOrigins }: TrustedIssuer, tenantId: string | undefined): readonly string[] {
  return keyOrigins.map((origin) => issuerOfTenant(origin, tenantId))
}

/**
 * Gets a JSON document of an authority.
 *
 * @param hear Is handed the headers of the document.
 * @throws AuthorityUnavailableError when it is not to be had: network, time or size limit, redirect, status, or no JSON object.
 */
export async function requestDocument(
  fetch: AuthorityFetch,
  url: string,
  limits: AuthorityRequestLimits,
  nowMs: number,
  hear: (headers: Pick<Headers, 'get'>) => void = () => undefined,
): Promise<JsonObject> {
  const { status, headers, text } = await get(fetch, url, limits)
  const { host } = new URL(url)
  if (status !== 200) {
    const { what, cause } = describeRefusal(status, text)
    throw new AuthorityUnavailableError(
      `${host} answered with ${what}`,
      readRetryAfter(headers, nowMs) ?? 0,
      cause,
    )
  }
  const document = parseJsonObject(text)
  if (document === undefined)
    throw new AuthorityUnavailableError(`${host} answered with something other than a JSON object`, 0)
  hear(headers)
  return document
}

async function get(
  fetch: AuthorityFetch,
  url: string,
  limits: AuthorityRequestLimits,
): Promise<Awaited<ReturnType<typeof sendHttp>>> {
  try {
    return await sendHttp(fetch, { method: 'GET', url, headers: { accept: 'application/json' }, ...limits })
  } catch (error) {
    if (error instanceof HttpError)
      throw new AuthorityUnavailableError(error.message, 0, { cause: error, ...causeOfSilence(error) })
    throw error
  }
}
