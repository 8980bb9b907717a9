// What the doctor is asked about: an address, or a client's configuration, in the words of MSAL or of midtier.
import { isObject } from '../kernel/base64url.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'

/** A client's configuration, as far as it can be wrong in a way that nobody tells. */
export interface Subject {
  /** The authority, without a slash at its end: `https://localhost:8445/{tenant}`. */
  readonly authority: string
  /** Endpoints that replace those of the authority (MSAL's `authorityMetadata`). */
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly clientId?: string
  readonly redirectUri?: string
  readonly knownAuthorities: readonly string[]
  /** Whether it is a configuration of MSAL, which demands more than others. */
  readonly isMsal: boolean
}

/** @throws {EmulatorOptionsError} when it names no authority */
export function readSubject(config: Readonly<Record<string, unknown>>): Subject {
  const isMsal = isObject(config['auth'])
  const own = isMsal ? (config['auth'] as Readonly<Record<string, unknown>>) : config
  const text = (name: string): string | undefined => (typeof own[name] === 'string' ? own[name] : undefined)
  const instance = text('instance')
  const authority =
    text('authority') ?? (instance && `${instance.replace(/\/$/, '')}/${text('tenantId') ?? 'organizations'}`)
  if (authority === undefined || !URL.canParse(authority))
    throw new EmulatorOptionsError(
      'doctor',
      'the configuration has neither authority nor instance, or it is no URL',
    )
  const known = own['knownAuthorities']
  const metadata = readMetadata(own['authorityMetadata'])
  return {
    authority: authority.replace(/\/$/, ''),
    ...(metadata && { metadata }),
    ...pick('clientId', text('clientId')),
    ...pick('redirectUri', text('redirectUri')),
    knownAuthorities: Array.isArray(known) ? known.map(String) : [],
    isMsal: isMsal || known !== undefined,
  }
}

/** An address alone: of an emulator, or of one of its authorities. */
export function subjectOf(url: string): Subject {
  const { origin, pathname } = new URL(url)
  const tenant = pathname.split('/')[1]
  const authority = `${origin}/${tenant === undefined || tenant === '' ? 'organizations' : tenant}`
  return { authority, knownAuthorities: [], isMsal: false }
}

function pick<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>)
}

function readMetadata(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined) return undefined
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value
    if (isObject(parsed)) return parsed
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new EmulatorOptionsError('doctor', 'authorityMetadata is no JSON object')
}
