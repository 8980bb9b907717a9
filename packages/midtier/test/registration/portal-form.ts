// A form of the emulator's portal, sent as a browser does that has the page open: every field as it stands, but for those that are changed.
import { expect } from 'vitest'
import type { Emulator } from '@midtier/emulator'

/** Fields and buttons by name; `null`: a box without its tick. */
export type Changes = Readonly<Record<string, string | null>>

/** @param label What the form is called, as people who do not see it hear; empty: that of the record itself. */
export async function submit(
  { origin }: Emulator,
  path: string,
  label: string,
  changes: Changes,
): Promise<void> {
  const url = `${origin}/portal/${path}`
  const opened = await fetch(url)
  const cookie = opened.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const forms = (await opened.text()).match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []
  const mark = label === '' ? ' name="displayName"' : ` aria-label="${label}"`
  const form = forms.find((each) => each.includes(mark))
  expect(form, `a form called ${label} at ${path}`).toBeDefined()
  const fields = fieldsOf(form ?? '')
  for (const [name, value] of Object.entries(changes))
    if (value === null) fields.delete(name)
    else fields.set(name, value)
  const headers = { cookie, origin }
  const answer = await fetch(url, { method: 'POST', headers, body: fields, redirect: 'manual' })
  const [, said] = / role="alert">([^<]*)/.exec(await answer.text()) ?? []
  expect(answer.status, said).toBeLessThan(400)
}

function fieldsOf(form: string): URLSearchParams {
  const fields = new URLSearchParams()
  const value = (tag: string): string => unescape(/ value="([^"]*)"/.exec(tag)?.[1] ?? '')
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const isOff = /type="(checkbox|radio)"/.test(input) && !/ checked(=|>| |\/)/.test(input)
    const [, name] = / name="([^"]*)"/.exec(input) ?? []
    if (name !== undefined && !isOff) fields.append(name, value(input))
  }
  for (const [, name = '', text = ''] of form.matchAll(
    /<textarea[^>]* name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g,
  ))
    fields.append(name, unescape(text))
  for (const [, name = '', choices = ''] of form.matchAll(
    /<select[^>]* name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    const options = choices.match(/<option[^>]*>/g) ?? []
    fields.append(name, value(options.find((option) => option.includes(' selected')) ?? options[0] ?? ''))
  }
  return fields
}

function unescape(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
