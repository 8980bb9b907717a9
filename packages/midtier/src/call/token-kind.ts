// Whose token a downstream API is called with, by its policy and the kind of caller; and the scope of the application's own.
import type { TokenKind } from '../kernel/observer.ts'
import type { DownstreamSettings } from './downstream-settings.ts'

/** Nothing is silent: only `either` looks at the caller, and `onBehalfOf` never falls back to the application's token. */
export function tokenKindFor(policy: DownstreamSettings['token'], caller: 'user' | 'app'): TokenKind {
  if (policy !== 'either') return policy
  return caller === 'app' ? 'app' : 'onBehalfOf'
}

// By its id, which is the same in every cloud; its host is not.
const graph = '00000003-0000-0000-c000-000000000000'

/**
 * The one scope that an application can ask for: everything it was granted of the resource that delegated scopes name.
 *
 * A bare scope such as `User.Read` is Microsoft Graph's.
 */
export function defaultScopeOf(scopes: readonly string[]): readonly string[] {
  const resources = new Set(scopes.flatMap((scope) => scope.split(/\s+/)).map(resourceOf))
  return [...resources].map((resource) => `${resource === '' ? graph : resource}/.default`)
}

function resourceOf(scope: string): string {
  return scope.slice(0, Math.max(scope.lastIndexOf('/'), 0))
}
