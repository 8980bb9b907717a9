// Matches redirect URIs the way Entra does: exactly, except that the port of localhost does not matter.
import type { Application, Platform } from './model.ts'

const platforms: readonly Platform[] = ['spa', 'web', 'publicClient']

/** The platform under which an application registered a redirect URI; `undefined` when it did not. */
export function findPlatform({ redirectUris }: Application, redirectUri: string): Platform | undefined {
  return platforms.find((platform) => redirectUris?.[platform]?.some((it) => isSameUri(it, redirectUri)))
}

/** Whether pages of this origin may redeem tokens: it has a redirect URI of the `spa` platform. */
export function isSpaOrigin({ redirectUris }: Application, origin: string): boolean {
  const actual = parseUrl(origin)
  if (actual === undefined) return false
  return (redirectUris?.spa ?? []).some((uri) => isSameOrigin(new URL(uri), actual))
}

/** Parses an absolute URL; `undefined` when the text is not one. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

// Paths are case-sensitive. A fragment is never part of a redirect URI (RFC 6749 §3.1.2).
function isSameUri(registered: string, presented: string): boolean {
  if (presented.includes('#')) return false
  if (registered === presented) return true
  const [expected, actual] = [parseUrl(registered), parseUrl(presented)]
  if (expected === undefined || actual === undefined) return false
  return (
    hasNoCredentials(actual) &&
    isSameOrigin(expected, actual) &&
    expected.pathname === actual.pathname &&
    expected.search === actual.search
  )
}

function isSameOrigin(registered: URL, actual: URL): boolean {
  if (registered.protocol !== actual.protocol || registered.hostname !== actual.hostname) return false
  return registered.hostname === 'localhost' || registered.port === actual.port
}

// `http://localhost:3000@evil.example/` is a page of evil.example.
function hasNoCredentials({ username, password }: URL): boolean {
  return username === '' && password === ''
}
