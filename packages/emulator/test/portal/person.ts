// Somebody in the portal without script: fills in a form by its name, presses a button by its text, and tells in lines what came of it.
import type { Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import { changedLines, formsIn, readPage } from '../readable.ts'

/** One press of a button. */
export interface Press {
  /** The page with the form. */
  readonly at: string
  /** What the form is called; default: whichever has the button. */
  readonly form?: string
  /** The text of the button. */
  readonly press: string
  /** What is filled in beforehand: text, the value of a choice, `on` or, to take a tick away, `undefined`. */
  readonly fill?: Readonly<Record<string, string | undefined>> | undefined
  /** What no page offers, and somebody sends nevertheless. */
  readonly forge?: Readonly<Record<string, string>>
}

export interface Person {
  /** Tells what it led to, in lines. */
  press(press: Press): Promise<readonly string[]>
  /** Presses “Undo” for as long as there is that button. */
  undoAll(): Promise<void>
  /** The lines of a page. */
  read(path: string, part?: string): Promise<readonly string[]>
}

/** A person in a browser of their own. `stateOf` tells what there is, in lines. */
export function createPerson({ origin }: Pick<Emulator, 'origin'>, stateOf: () => readonly string[]): Person {
  const browser = createBrowser(origin)
  const open = (path: string) => browser.open(new URL(path, origin).href)

  const press = async ({
    at,
    form: wanted,
    press: text,
    fill = {},
    forge = {},
  }: Press): Promise<readonly string[]> => {
    const page = await open(at)
    const forms = formsIn(page.html)
    const form = forms.find(
      ({ name, buttons }) => (wanted ?? name) === name && buttons.some((each) => each.text === text),
    )
    const button = form?.buttons.find((each) => each.text === text)
    if (form === undefined || button === undefined)
      throw new Error(
        `${at} has no form “${wanted ?? ''}” with a button “${text}”, but ${forms
          .map(({ name, buttons }) => `“${name}”: ${buttons.map((each) => each.text).join(', ')}`)
          .join('; ')}`,
      )
    const unknown = Object.keys(fill).filter((name) => !form.names.includes(name))
    if (unknown.length > 0) throw new Error(`“${form.name}” at ${at} has no ${unknown.join(', ')}`)
    const body = new URLSearchParams([
      ...form.values.flatMap(([name, value]): [string, string][] =>
        name in fill || name in forge ? [] : [[name, value]],
      ),
      ...Object.entries(fill).flatMap(([name, value]): [string, string][] =>
        value === undefined || name in forge ? [] : [[name, value]],
      ),
      ...(button.name === '' || button.name in forge
        ? []
        : [[button.name, button.value] as [string, string]]),
      ...Object.entries(forge),
    ])
    const before = stateOf()
    const answer = await browser.post(new URL(form.action, origin).href, body)
    return [...(await tell(answer, page.html, at)), ...changedLines(before, stateOf())]
  }

  const undoAll = async (): Promise<void> => {
    const at = '/portal/export'
    const isLeft = async (): Promise<boolean> =>
      formsIn((await open(at)).html).some(({ name }) => name === 'Undo')
    while (await isLeft()) await press({ at, form: 'Undo', press: 'Undo' })
  }

  const tell = async (
    { status, html, location, headers }: Awaited<ReturnType<typeof open>>,
    shown: string,
    at: string,
  ): Promise<readonly string[]> => {
    if (location !== undefined) {
      const target = location.href.replace(origin, '')
      const next = await open(target)
      const path = target.replace(/#.*/, '')
      const page = path === at ? difference(shown, next.html) : readPage(next.html, 'h1')
      return [`${String(status)} to ${target}`, ...page.map((line) => `  ${line}`)]
    }
    if (headers.get('content-type')?.startsWith('text/html') !== true)
      return [
        `${String(status)} ${headers.get('content-type') ?? ''} ${headers.get('content-disposition') ?? ''}`,
      ]
    const page = status === 200 ? difference(shown, html) : readPage(html, 'main')
    return [String(status), ...page.map((line) => `  ${line}`)]
  }

  return { press, undoAll, read: async (path, part = 'main') => readPage((await open(path)).html, part) }
}

// What was done stands above every page, with the form that undoes it.
function difference(before: string, after: string): readonly string[] {
  const undo = readPage(after, 'main').findIndex((line) => line.endsWith('/portal/undo'))
  return changedLines(readPage(before, 'main'), readPage(after, 'main')).filter(
    (line) => undo === -1 || !/ (?:form: post \/portal\/undo|\{back=.*\}|<Undo>)$/.test(line),
  )
}
