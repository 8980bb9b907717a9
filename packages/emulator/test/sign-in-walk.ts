// A person signing in, told in lines: each page as it is shown, each answer as the application gets it, and what the log says of why.
import type { Emulator } from '../src/index.ts'
import { createBrowser, type Browser, type BrowserPage } from './browser.ts'
import { tell, withoutChance } from './decisions.ts'
import { formsIn, readPage } from './readable.ts'

/** What is done with a page: the beginning of a button, and what is typed beforehand. */
export type Deed =
  string | readonly [button: string, fill: Readonly<Record<string, string>>] | (() => unknown)

/** Tells of one walk after the other; a page that was shown before is told by its heading. */
export class Walker {
  readonly #emulator: Emulator
  readonly #shown = new Map<string, string>()

  constructor(emulator: Emulator) {
    this.#emulator = emulator
  }

  /** Posts what stands in the query of an address. */
  async post(name: string, url: string): Promise<string> {
    const { origin, pathname, searchParams } = new URL(url)
    const browser = createBrowser(this.#emulator.origin)
    const lines = [`——— ${name}`]
    await this.#told(lines, name, () => browser.post(origin + pathname, searchParams))
    return this.#withoutChance(lines.join('\n'))
  }

  /** Opens an address, and does one thing after the other. */
  async walk(
    name: string,
    url: string,
    deeds: readonly Deed[] = [],
    browser: Browser = createBrowser(this.#emulator.origin),
  ): Promise<string> {
    const lines = [`——— ${name}`]
    let page = await this.#told(lines, name, () => browser.open(url))
    for (const deed of deeds) {
      if (typeof deed === 'function') {
        await deed()
        continue
      }
      const [button, fill] = typeof deed === 'string' ? [deed, {}] : deed
      const { origin } = this.#emulator
      const form = formsIn(page.html).find(({ buttons }) =>
        buttons.some(({ text }) => text.startsWith(button)),
      )
      const pressed = form?.buttons.find(({ text }) => text.startsWith(button))
      if (form === undefined || pressed === undefined)
        throw new Error(`${name}: there is no button “${button}”`)
      const body = new URLSearchParams([
        ...form.values.flatMap(([field, value]): [string, string][] =>
          field in fill ? [] : [[field, value]],
        ),
        ...Object.entries(fill),
        ...(pressed.name === '' || pressed.name in fill
          ? []
          : [[pressed.name, pressed.value] as [string, string]]),
      ])
      lines.push(
        `“${button}”${Object.entries(fill)
          .map(([field, value]) => ` ${field}=${value}`)
          .join('')}`,
      )
      page = await this.#told(lines, name, () => browser.post(new URL(form.action, origin).href, body))
    }
    return this.#withoutChance(lines.join('\n'))
  }

  #withoutChance(text: string): string {
    const { origin } = this.#emulator
    return withoutChance(text.replaceAll(encodeURIComponent(origin), '<emulator>'), origin).replaceAll(
      /(?<=[?&#](?:code|code_challenge|id_token|client_info|session_state)=)[^&\s]{20,}/g,
      '…',
    )
  }

  async #told(lines: string[], name: string, ask: () => Promise<BrowserPage>): Promise<BrowserPage> {
    const { requests } = this.#emulator
    const before = requests.list().at(-1)?.sequence ?? 0
    const page = await ask()
    lines.push(...this.#tellCookies(page))
    lines.push(...this.#tellPage(page, name).map((line) => `  ${line}`))
    const records = requests.list({ since: before })
    for (const record of records) {
      const [answered = '', ...told] = withoutRest(tell(record))
      const text = told.join('\n')
      const known = this.#shown.get(text)
      this.#shown.set(text, known ?? name)
      lines.push(
        ...[answered, ...(known === undefined ? told : [`(as in: ${known})`])].map((line) => `    ${line}`),
      )
    }
    return page
  }

  // What they are is told once for each kind.
  #tellCookies({ headers }: BrowserPage): readonly string[] {
    return headers.getSetCookie().map((line) => {
      const [, name = '', attributes = ''] = /^emulator_(\w+?)_\d+=[^;]*; (.*)$/.exec(line) ?? []
      const text = `${name} (${attributes})`
      const isKnown = this.#shown.has(text)
      this.#shown.set(text, name)
      return `  sets the cookie ${isKnown ? name : text}`
    })
  }

  #tellPage({ status, html, location, headers }: BrowserPage, name: string): readonly string[] {
    const policy = headers
      .get('content-security-policy')
      ?.match(/form-action [^;]*|frame-src [^;]*/g)
      ?.join('; ')
    if (location !== undefined) return [`${String(status)} to ${describeAnswer(location)}`]
    const all = readPage(html, 'main')
    const ids = all.indexOf('Correlation ID')
    const lines = all
      .slice(0, ids === -1 ? undefined : ids)
      .map((line) => line.replaceAll(/\{request=[^}]*\}/g, '{request}'))
    const text = withoutChance(
      lines.join('\n').replaceAll(encodeURIComponent(this.#emulator.origin), '<emulator>'),
      this.#emulator.origin,
    ).replaceAll(
      /\{(?:code|id_token|client_info|session_state)=[^}]*\}/g,
      (field) => `${field.split('=')[0] ?? ''}}`,
    )
    const known = this.#shown.get(text)
    if (known !== undefined) return [`${String(status)} ${lines[0] ?? ''} (as in: ${known})`]
    this.#shown.set(text, name)
    return [`${String(status)} (${policy ?? ''})`, ...text.split('\n')]
  }
}

// Checks that were not reached in one line.
function withoutRest(lines: readonly string[]): readonly string[] {
  const rest = lines.flatMap((line) =>
    line.startsWith('not_reached ') ? [line.slice('not_reached '.length)] : [],
  )
  const told = lines.filter((line) => !line.startsWith('not_reached '))
  return rest.length === 0 ? told : [...told, `not reached: ${rest.join(', ')}`]
}

/** The address, and each parameter of its query or fragment. */
function describeAnswer(location: URL): string {
  const parameters = new URLSearchParams(location.hash === '' ? location.search : location.hash.slice(1))
  const told = [...parameters].map(([name, value]) =>
    ['code', 'id_token', 'client_info', 'session_state'].includes(name)
      ? name
      : `${name}=${value.replace(/ Trace ID: .*$/s, '')}`,
  )
  const bare = location.href.replace(/[?#].*$/s, '')
  return [`${bare}${location.hash === '' ? '' : ' #'}`, ...told].join(' | ')
}
