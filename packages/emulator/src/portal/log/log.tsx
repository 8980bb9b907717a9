// The sign-in log: its pages, what is pushed to them, and what their forms do.
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import { listenerOrigin } from '../../http/listener-origin.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { change } from '../change.ts'
import { withOwnForm, type Page } from '../portal-form.tsx'
import { formFields } from '../../endpoints/form-proof.ts'
import { logListStyle } from '../../ui/inline-style.ts'
import { entryAddress, listAddress } from './address.ts'
import { chainOf } from './chain.tsx'
import { curesAtHand, findCure } from './cures-at-hand.ts'
import { curlOf } from './curl.ts'
import { tabs, type DetailProps } from './detail.tsx'
import { Group } from './group-list.tsx'
import { groupSignIns, type SignIn } from './groups.ts'
import { readSince, streamEvents } from './live.ts'
import { drawSignIn } from './story.ts'
import { LogPage } from './log-page.tsx'
import { parseQuery } from './query.ts'
import { replay, whyNotReplayable } from './replay.ts'
import { vitestOf } from './vitest-source.ts'

/** How many sign-ins one page lists. */
const maximumSignIns = 25
const maximumQueryLength = 300

/** GET /_emulator/log */
export function logList(c: EmulatorContext, emulation: Emulation): Page {
  return sendLog(c, emulation, {})
}

/** GET /_emulator/log/{id} */
export function logEntry(c: EmulatorContext, emulation: Emulation): Page {
  const record = emulation.requests.find(routeParameter(c, 'id'))
  return sendLog(c, emulation, record === undefined ? { isGone: true } : { record })
}

/** GET /_emulator/log/live: sign-ins that change, as items of the list. */
export function logLive(c: EmulatorContext, { requests: log }: Emulation): Response {
  const query = readQuery(c)
  const isWanted = parseQuery(query)
  const selected = c.req.query('selected')
  return streamEvents(c, log, readSince(c), async (since) => {
    const changed = findSignIns(log.list(), isWanted)
      .filter(({ records }) => (records.at(-1)?.sequence ?? 0) > since)
      .slice(0, maximumSignIns)
    if (changed.length === 0) return undefined
    const groups = changed.map(async (signIn) => ({
      id: signIn.id,
      absorbed: signIn.absorbed,
      html: String(await (<Group signIn={signIn} query={query} isWanted={isWanted} selected={selected} />)),
    }))
    return { name: 'groups', data: { groups: await Promise.all(groups), maximum: maximumSignIns } }
  })
}

/** POST /_emulator/log/{id}: `action` is `replay`, `policy-on ID`, `policy-off ID` or one of the cures that the page offers. */
export function logAction(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const record = emulation.requests.find(routeParameter(c, 'id'))
    if (record === undefined) return c.redirect(listAddress({}), 303)
    const action = form.get('action') ?? ''
    if (action === 'replay') {
      const why = whyNotReplayable(record)
      if (why !== undefined) throw new EmulatorOptionsError('action', why)
      const replayed = await replay(emulation, record)
      return c.redirect(`${entryAddress(replayed ?? record.id, {})}#detail`, 303)
    }
    await apply(emulation, record, action)
    return c.redirect(`${entryAddress(record.id, {})}#detail`, 303)
  })
}

async function apply(emulation: Emulation, record: RequestRecord, action: string): Promise<void> {
  const [verb, id = ''] = action.split(' ')
  const policy = emulation.policies.find(id)
  if (policy !== undefined && (verb === 'policy-on' || verb === 'policy-off')) {
    const isOn = verb === 'policy-on'
    await change(emulation, `Turned ${isOn ? 'on' : 'off'} “${policy.name}”`, () => {
      if (isOn) emulation.policies.enable(id)
      else emulation.policies.disable(id)
    })
    return
  }
  const cure = findCure(emulation, record, action)
  await change(emulation, cure.label.replace(/^Add/, 'Added'), cure.apply)
}

function sendLog(
  c: EmulatorContext,
  emulation: Emulation,
  { record, isGone }: { readonly record?: RequestRecord; readonly isGone?: true },
): Page {
  const { requests: log } = emulation
  const query = readQuery(c)
  const before = Number(c.req.query('before') ?? Number.POSITIVE_INFINITY)
  const found = findSignIns(log.list(), parseQuery(query)).filter((signIn) => newest(signIn) < before)
  const signIns = found.slice(0, maximumSignIns)
  const last = signIns.at(-1)
  const older = found.length > signIns.length && last ? { query, before: newest(last) } : undefined
  const style = record === undefined && isGone === undefined ? logListStyle() : undefined
  const page = (
    <LogPage
      query={query}
      signIns={signIns}
      olderHref={older && listAddress(older)}
      sequence={log.sequence}
      isLive={before === Number.POSITIVE_INFINITY}
      detail={record && detailOf(c, emulation, record)}
      isGone={isGone}
      style={style}
    />
  )
  return sendPage(c, page, { status: isGone === true ? 404 : 200, style })
}

function detailOf(c: EmulatorContext, emulation: Emulation, record: RequestRecord): DetailProps {
  const { directory, policies, requests: log } = emulation
  const signIn = groupSignIns(log.list()).find(({ records }) => records.includes(record))
  const nameOf = (id: string): string => directory.findResource(id)?.displayName ?? id
  const circumstances = { policies: policies.list(), consents: directory.consents.list() }
  return {
    record,
    chain: chainOf(record, signIn?.records ?? [record], nameOf),
    signIn: drawSignIn(record, signIn?.records ?? [record], nameOf),
    query: readQuery(c),
    tab: tabs.find((each) => each === c.req.query('tab')) ?? 'decision',
    cures: curesAtHand(emulation, record),
    fields: formFields(c, emulation),
    whyNotReplayable: whyNotReplayable(record),
    curl: curlOf(record, listenerOrigin(c, emulation.origins)),
    vitest: vitestOf(record, circumstances),
    enabledPolicies: new Set(circumstances.policies.flatMap(({ id, enabled }) => (enabled ? [id] : []))),
  }
}

// Grouped first, so that a sign-in is shown whole when one of its requests fits.
function findSignIns(
  records: readonly RequestRecord[],
  isWanted: (record: RequestRecord) => boolean,
): readonly SignIn[] {
  return groupSignIns(records).filter((signIn) => signIn.records.some(isWanted))
}

function newest({ records }: SignIn): number {
  return records.at(-1)?.sequence ?? 0
}

function readQuery(c: EmulatorContext): string {
  return (c.req.query('q') ?? '').trim().slice(0, maximumQueryLength)
}
