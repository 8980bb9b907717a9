// Where a downstream call goes: a path below the base URL with its query, as the library checks it.

/** A path relative to the base URL, and query parameters that replace those of the same name. */
export function buildPath(relativePath: string, extraQuery: Readonly<Record<string, string>>): string {
  const path = relativePath.replace(/^\/+/, '')
  const names = Object.keys(extraQuery)
  if (names.length === 0) return path
  const question = path.indexOf('?')
  const query = new URLSearchParams(question === -1 ? '' : path.slice(question + 1))
  for (const name of names) {
    for (const there of [...query.keys()]) if (there.toLowerCase() === name.toLowerCase()) query.delete(there)
    query.set(name, extraQuery[name] ?? '')
  }
  return `${question === -1 ? path : path.slice(0, question)}?${query.toString()}`
}
