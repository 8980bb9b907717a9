// A browser for tests: keeps cookies, follows the emulator's own redirects, and fills in its forms.

/** A page, or the redirect that leaves the emulator. */
export interface BrowserPage {
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** Where the emulator sent the browser away to; absent on a page. */
  readonly location?: URL
}

export interface Browser {
  open(url: string): Promise<BrowserPage>
  /** Posts these fields, and no others. */
  post(url: string, body: URLSearchParams): Promise<BrowserPage>
  /** Submits the page's form that posts to the emulator, with these fields over the page's own. */
  submit(page: BrowserPage, fields: Record<string, string>): Promise<BrowserPage>
  readonly cookies: Map<string, string>
}

export function createBrowser(origin: string, cookies = new Map<string, string>()): Browser {
  const request = async (url: string, init: RequestInit = {}): Promise<BrowserPage> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, headers: { cookie }, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) remember(cookies, line)
    const location = response.headers.get('location')
    const { status, headers } = response
    const html = await response.text()
    return { status, headers, html, ...(location !== null && { location: new URL(location, url) }) }
  }
  return {
    cookies,
    open: (url) => request(url),
    post: (url, body) => request(url, { method: 'POST', body }),
    submit: (page, fields) => {
      const form = parseForm(page.html, Object.keys(fields))
      const body = new URLSearchParams({ ...form.fields, ...fields })
      return request(new URL(form.action, origin).href, { method: 'POST', body })
    },
  }
}

/** The action and the hidden fields of the page's post form: the one that has all of `wanted`, or else the first. */
export function parseForm(
  html: string,
  wanted: readonly string[] = [],
): { action: string; fields: Record<string, string> } {
  const forms = html.match(/<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/gi) ?? []
  const form = forms.find((text) => wanted.every((name) => text.includes(`name="${name}"`))) ?? forms[0] ?? ''
  const action = decode(/action="([^"]*)"/.exec(form)?.[1] ?? '')
  const fields: Record<string, string> = {}
  for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1]
    if (name !== undefined) fields[decode(name)] = decode(/value="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  return { action, fields }
}

function remember(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const [name = '', value = ''] = pair.split('=')
  if (attributes.some((attribute) => attribute.trim() === 'Max-Age=0')) cookies.delete(name)
  else cookies.set(name, value)
}

function decode(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
