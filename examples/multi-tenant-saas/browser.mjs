// @ts-check
// A browser in which somebody signs in and consents: keeps cookies, follows redirects, fills in the forms of the authority.

/** Goes to an address, and gives the last page. @param {string} address @param {Record<string, string>} person */
export async function browse(address, person) {
  /** @type {Map<string, string>} */
  const cookies = new Map()
  let url = new URL(address)
  /** @type {RequestInit} */
  let init = {}
  for (;;) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(/[=;]/)
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    const page = await answer.text()
    const [form] = /<form[^>]*method="post"[\s\S]*?<\/form>/.exec(page) ?? []
    if (location === null && form === undefined) return { status: answer.status, page }
    const fields = new URLSearchParams({ ...person, consent: 'accept' })
    for (const [, name = '', value = ''] of (form ?? '').matchAll(
      /type="hidden" name="([^"]*)" value="([^"]*)"/g,
    ))
      fields.set(name, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
    const action = / action="([^"]*)"/.exec(form ?? '')?.[1] ?? ''
    init = location === null ? { method: 'POST', body: fields } : {}
    url = new URL(location ?? action, url)
  }
}
