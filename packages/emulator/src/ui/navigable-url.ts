// Which addresses a page may link or post to: the emulator's own paths, and http(s).

/**
 * The address itself when a browser only navigates to it, or `undefined`.
 *
 * Stops `javascript:` and `data:` addresses, which would run or show foreign content as the emulator's own.
 * Does not check that the address is registered: that is the authorize endpoint's task.
 */
export function navigableUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const isOwnPath = /^\/(?![/\\])/.test(url)
  return isOwnPath || isHttpUrl(url) ? url : undefined
}

function isHttpUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:'
}
