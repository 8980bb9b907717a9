// Which addresses a page may link or post to: the emulator's own paths, and http(s).

/**
 * The address itself when a browser only navigates to it, or `undefined`.
 *
 * Stops `javascript:` and `data:` addresses, which would run or show foreign content as the emulator's own.
 * Does not check that the address is registered: that is the authorize endpoint's task.
 */
export function navigableUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  return isOwnPath(url) || isHttpUrl(url) ? url : undefined
}

/** Whether it is a path of the emulator. Browsers take `\` for `/`, and drop tabs and line ends: `/`, a tab and `/x` is `//x`, another host. */
export function isOwnPath(url: string): boolean {
  return /^\/(?![/\\])[^\t\r\n]*$/.test(url)
}

function isHttpUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:'
}
