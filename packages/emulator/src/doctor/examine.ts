// The examination: each opaque cause of a failed connection in turn, with what cures it.
import { isObject } from '../kernel/base64url.ts'
import type { Application } from '../directory/model.ts'
import { askAnyway, type Answered } from './ask-anyway.ts'
import { ill, well, type Finding } from './finding.ts'
import { examineRedirectUri } from './redirect-uri.ts'
import type { Subject } from './subject.ts'

/** Every finding, in the order in which a client would meet them. */
export async function examine(subject: Subject): Promise<readonly Finding[]> {
  const reached = reachedAuthority(subject)
  const answered = await askAnyway(`${reached}/v2.0/.well-known/openid-configuration`)
  const { json } = answered
  const first = [...examineScheme(subject), ...examineKnown(subject), examineAnswer(reached, answered)]
  if (answered.failure !== undefined || json?.['issuer'] === undefined) return first
  const origin = new URL(reached).origin
  return [
    ...first,
    ...examineCertificate(origin, answered),
    examineIssuer(reached, json['issuer'], subject),
    ...(await examineApplication(origin, subject)),
  ]
}

/** With metadata of its own a client never asks its authority. */
function reachedAuthority({ authority, metadata }: Subject): string {
  const endpoint = metadata?.['token_endpoint']
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return authority
  return `${new URL(endpoint).origin}/${new URL(authority).pathname.split('/')[1] ?? 'organizations'}`
}

function examineScheme({ authority, metadata, isMsal }: Subject): readonly Finding[] {
  if (!authority.startsWith('http:')) return []
  const remedy =
    'start the emulator with --https-port 8445 and take its https origin, or, in MSAL.js, keep the authority of production and set authorityMetadata (midtier-emulator config --client msal-node)'
  if (isMsal) return [ill('scheme', `MSAL takes no http authority, and ${authority} is one`, remedy)]
  return metadata === undefined
    ? [
        well(
          'scheme',
          `${authority} is http: midtier and openid-client take it, MSAL and azure-identity do not`,
        ),
      ]
    : []
}

function examineKnown({ authority, knownAuthorities, metadata, isMsal }: Subject): readonly Finding[] {
  if (!isMsal || metadata !== undefined || !authority.startsWith('https:')) return []
  const { host } = new URL(authority)
  if (knownAuthorities.some((each) => each.replace(/^https:\/\//, '').replace(/\/.*$/, '') === host))
    return [well('knownAuthorities', `${host} is among the known authorities`)]
  const remedy = `set knownAuthorities: ['${host}'] (the port is part of it), else MSAL asks Microsoft about this host`
  const listed = knownAuthorities.length === 0 ? 'there are none' : `there are ${knownAuthorities.join(', ')}`
  return [ill('knownAuthorities', `${host} is not among the known authorities: ${listed}`, remedy)]
}

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'start it (npx @midtier/emulator), or correct the port',
  ENOTFOUND: 'correct the name of the host: the emulator is at localhost',
  EPROTO: 'this port does not speak https: take the https port, or http',
  ERR_SSL_WRONG_VERSION_NUMBER: 'this port does not speak https: take the https port, or http',
  ECONNRESET: 'this port may speak https alone: take https, or the http port',
  ETIMEDOUT: 'find out what hangs: a fault, a proxy, another program',
}

function examineAnswer(reached: string, { json, failure }: Answered): Finding {
  if (failure !== undefined)
    return ill(
      'reachable',
      `${reached} does not answer: ${failure}`,
      causes[failure] ?? 'find out what stops the connection',
    )
  if (json?.['issuer'] !== undefined) return well('reachable', `${reached} answers with its metadata`)
  const description = json?.['error_description']
  const said = typeof description === 'string' ? description : 'it answers with something else'
  return ill('reachable', `${reached} has no metadata: ${said}`, 'correct the tenant, or the address')
}

function examineCertificate(origin: string, { distrust }: Answered): readonly Finding[] {
  if (!origin.startsWith('https:')) return []
  if (distrust === undefined) return [well('certificate', `this process trusts the certificate of ${origin}`)]
  if (distrust === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [
      ill(
        'certificate',
        `the certificate is of another name than ${new URL(origin).hostname}`,
        'call it localhost',
      ),
    ]
  const remedy = `curl -ko midtier-emulator-ca.pem ${origin}/_emulator/ca.pem, and NODE_EXTRA_CA_CERTS=midtier-emulator-ca.pem before Node starts (REQUESTS_CA_BUNDLE for Python, SSL_CERT_FILE for .NET on Linux)`
  return [ill('certificate', `this process does not trust the CA of ${origin}: ${distrust}`, remedy)]
}

// A client compares what tokens and metadata name with what it was told.
function examineIssuer(reached: string, issuer: unknown, { metadata }: Subject): Finding {
  const told = typeof metadata?.['issuer'] === 'string' ? metadata['issuer'] : reached
  const [expected, named] = [new URL(told).origin, new URL(String(issuer)).origin]
  if (expected === named) return well('issuer', `issuers begin with ${named}, as the client expects`)
  return ill(
    'issuer',
    `issuers begin with ${named}, and the client was told ${expected}`,
    `take ${named} as instance, or start the emulator with --public-origin ${expected}`,
  )
}

async function examineApplication(
  origin: string,
  { clientId, redirectUri }: Subject,
): Promise<readonly Finding[]> {
  if (clientId === undefined) return []
  const { json } = await askAnyway(`${origin}/_emulator/directory`)
  const applications = json?.['applications']
  if (!Array.isArray(applications)) return [] // no emulator, or one that does not tell
  const known = (applications as unknown[]).filter(isApplication)
  const found = known.find(({ id }) => id === clientId.toLowerCase())
  if (found === undefined) {
    const names = known.map(({ id, displayName }) => `${displayName} (${id})`).join(', ')
    return [
      ill(
        'application',
        `${clientId} is not in the directory`,
        `take one of ${names}, or add it to the directory file`,
      ),
    ]
  }
  const finding = well('application', `${clientId} is ${found.displayName}`)
  return redirectUri === undefined ? [finding] : [finding, examineRedirectUri(found, redirectUri)]
}

function isApplication(value: unknown): value is Application {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['displayName'] === 'string'
}
