// The addresses of the sign-in log; all that a page shows stands in its own.

/** Where the sign-in log is. */
export const logPath = '/_emulator/log'

/** What a page of the log shows besides the request itself. */
export interface LogView {
  readonly query: string
  /** Only sign-ins whose newest request is older than this `sequence`. */
  readonly before?: number | undefined
  readonly tab?: string | undefined
}

/** The list. */
export function listAddress(view: Partial<LogView>): string {
  return `${logPath}${search(view)}`
}

/** One request. */
export function entryAddress(id: string, view: Partial<LogView>): string {
  return `${logPath}/${id}${search(view)}`
}

function search({ query = '', before, tab }: Partial<LogView>): string {
  const parameters = new URLSearchParams({
    ...(query !== '' && { q: query }),
    ...(before !== undefined && { before: String(before) }),
    ...(tab !== undefined && { tab }),
  }).toString()
  return parameters === '' ? '' : `?${parameters}`
}
