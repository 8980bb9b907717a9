// What the environment says about proxies and certificates, and whether this process goes by it.
import { isLoopback } from '../../kernel/http/loopback.ts'
import type { Check } from '../check.ts'
import { failed, passed, warned, type Finding } from '../finding.ts'
import type { Subject } from '../subject.ts'

export const examineNetwork: Check = async (subject) => [
  examineProxy(subject),
  ...examineTrust(subject),
  ...(await examineCertificates(subject)),
]

function examineProxy({ options, settings, runtime: { environment } }: Subject): Finding {
  const named = ['HTTPS_PROXY', 'https_proxy'].find((name) => isSet(environment[name]))
  const isOwn = options.proxy !== undefined || options.fetch !== undefined
  const [{ metadataUrl }] = settings.registration.authority.issuers
  const isHere = isLoopback(new URL(metadataUrl).hostname)
  if (named === undefined || isOwn || isHere)
    return passed('proxy', isOwn ? 'as the options say' : 'none is needed')
  if (environment['NODE_USE_ENV_PROXY'] === '1') return passed('proxy', `as ${named} says`)
  return warned('proxy', {
    is: `${named} is set, and Node.js does not go by it: requests to the authority go past the proxy`,
    should: 'NODE_USE_ENV_PROXY=1 beside it, or the option proxy',
    mend: 'start with NODE_USE_ENV_PROXY=1 (Node.js 22.21 and 24), or give createWebApi the option proxy',
  })
}

function examineTrust({ runtime: { environment } }: Subject): readonly Finding[] {
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return []
  return [
    failed('trust', {
      is: 'NODE_TLS_REJECT_UNAUTHORIZED=0: whoever is in between reads and changes every token',
      should: 'certificates are checked',
      mend: 'unset NODE_TLS_REJECT_UNAUTHORIZED, and name the certificates to trust in NODE_EXTRA_CA_CERTS',
    }),
  ]
}

/** Node.js itself only warns when this file is not there, and goes on without it. */
async function examineCertificates({ runtime }: Subject): Promise<readonly Finding[]> {
  const path = runtime.environment['NODE_EXTRA_CA_CERTS']
  if (path === undefined || path === '') return []
  const text = await runtime.readText(path)
  if (text?.includes('-----BEGIN CERTIFICATE-----') === true)
    return [passed('trust', `NODE_EXTRA_CA_CERTS names certificates: ${path}`)]
  return [
    failed('trust', {
      is: `NODE_EXTRA_CA_CERTS names ${path}, which ${text === undefined ? 'cannot be read' : 'holds no certificate'}`,
      should: 'a PEM file with the certificates to trust',
      mend: 'correct NODE_EXTRA_CA_CERTS before Node.js starts: it is read once',
    }),
  ]
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
