// The sign-in log is what was written down: the list, and each tab of requests that were served, refused, asked about and cut off.
import { fileURLToPath } from 'node:url'
import { it } from 'vitest'
import type { RequestRecord } from '../../../src/index.ts'
import { chainOf } from '../../../src/portal/log/chain.tsx'
import { tabs, type Tab } from '../../../src/portal/log/detail.tsx'
import { groupSignIns } from '../../../src/portal/log/groups.ts'
import { LogPage } from '../../../src/portal/log/log-page.tsx'
import { drawSignIn } from '../../../src/portal/log/story.ts'
import { render } from '../../ui/markup.ts'
import { expectWritten } from '../../written.ts'

const at = (sequence: number): Pick<RequestRecord, 'id' | 'sequence' | 'time' | 'durationMs'> => ({
  ...{ id: `request-${String(sequence)}`, sequence, durationMs: sequence },
  time: `2026-01-02T03:04:0${String(sequence)}.678Z`,
})
const web = { clientId: 'web', application: 'Web', user: 'alice@contoso.example', correlationId: 'sign-in' }
const first = { uti: 'one', aud: 'api', scp: 'Read', amr: ['pwd', 'mfa'], iat: 0, exp: 3600 }
const second = { uti: 'two', aud: 'graph', roles: ['All', 'More'], iat: 0, exp: 90 }
const records: readonly RequestRecord[] = [
  {
    ...{ ...at(1), ...web, endpoint: 'authorize', method: 'GET', path: '/t/authorize', status: 302 },
    ...{ shown: 'consent page', sessionId: 'session-of-alice', parameters: { prompt: 'none' } },
    checks: [
      { name: 'client', verdict: 'passed', actual: 'Web' },
      { name: 'consent', verdict: 'asked', expected: 'Read' },
      { name: 'policies', verdict: 'not_reached' },
    ],
  },
  { ...at(2), ...web, endpoint: 'interaction', method: 'POST', path: '/t/login', status: 302 },
  {
    ...{ ...at(3), ...web, endpoint: 'token', method: 'POST', path: '/t/token', status: 200, issued: first },
    ...{ grantType: 'authorization_code', resource: 'API', traceId: 'trace' },
    ...{
      parameters: { code: '••• 9 characters', client_id: 'web' },
      headers: { origin: 'http://localhost' },
    },
    ...{ response: { token_type: 'Bearer' }, policyResults: [] },
    checks: [
      { name: 'client_authentication', verdict: 'passed', expected: 'a secret', actual: 'a secret' },
      { name: 'policies', verdict: 'passed' },
    ],
  },
  {
    ...{ ...at(4), clientId: 'api', application: 'API', endpoint: 'token', method: 'POST', path: '/t/token' },
    ...{ grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer', status: 400, error: [50076] },
    ...{ presented: first, policies: ['MFA'], user: 'alice@contoso.example', resource: 'Graph' },
    response: { error: 'interaction_required', error_description: 'AADSTS50076: MFA. Trace ID: x' },
    checks: [
      { name: 'client_authentication', verdict: 'passed', actual: 'a certificate' },
      { name: 'policies', verdict: 'failed', expected: 'mfa', actual: 'pwd' },
      { name: 'token', verdict: 'not_reached' },
    ],
    policyResults: [
      { id: 'a', name: 'MFA', verdict: 'unmet', because: 'it demands mfa' },
      { id: 'b', name: 'Daily', verdict: 'met', because: 'it was an hour ago' },
      { id: 'c', name: 'Other', verdict: 'not_applied', because: 'it is about another API' },
      { id: 'd', name: 'Asleep', verdict: 'off' },
    ],
  },
  {
    ...{ ...at(5), endpoint: 'graph', method: 'GET', path: '/v1.0/me', presented: second, status: 200 },
    ...{ application: 'API', checks: [] },
  },
  {
    ...{ ...at(6), endpoint: 'token', method: 'POST', path: '/t/token', grantType: 'client_credentials' },
    checks: [{ name: 'fault', verdict: 'failed', expected: 'no fault', actual: '{"drop":true}' }],
  },
]
const nameOf = (id: string): string => ({ api: 'API', graph: 'Graph' })[id] ?? id
const file = (name: string): string => fileURLToPath(new URL(`${name}.html`, import.meta.url))

const page = (record: RequestRecord | undefined, tab: Tab, isLive = false): Promise<string> =>
  render(
    <LogPage
      {...{ query: 'flow:graph', sequence: 6, isLive, signIns: groupSignIns(records) }}
      detail={
        record && {
          ...{ record, tab, query: 'flow:graph', fields: { form: 'proof' }, curl: 'curl …' },
          ...{ chain: chainOf(record, records, nameOf), signIn: drawSignIn(record, records, nameOf) },
          cures: record.sequence === 4 ? [{ action: 'policy-off a', label: 'Turn off “MFA”' }] : [],
          whyNotReplayable: record.sequence === 3 ? 'A code is good once.' : undefined,
          vitest: record.sequence === 4 ? 'it(…)' : undefined,
          enabledPolicies: new Set(['a', 'd']),
        }
      }
    />,
  )
/** The first tab with all that stands around it, of the others what is their own. */
const detailOf = (html: string, tab: Tab): string =>
  (tab === 'decision' ? /<article.*?<\/article>/s : /<nav class="tabs".*(?=<\/article>)/s).exec(html)?.[0] ??
  ''

it.each(records)('request $sequence, tab by tab', async (record) => {
  const parts = await Promise.all(
    tabs.map(async (tab) => `<!-- ${tab} -->\n${detailOf(await page(record, tab), tab)}`),
  )
  await expectWritten(parts.join('\n'), file(`log-request-${String(record.sequence)}`))
})

it('the list, with and without a request', async () => {
  const parts = [
    await page(undefined, 'decision', true),
    (await page(records[1], 'raw')).replace(/<article.*?<\/article>/s, ''),
    await render(<LogPage query="" signIns={[]} sequence={0} isLive={false} />),
    await render(<LogPage query="word" signIns={[]} sequence={0} isLive={false} isGone olderHref="/older" />),
  ]
  const shown = parts.map((html) => /<main.*?<\/main>/s.exec(html)?.[0] ?? '')
  await expectWritten(shown.join('\n'), file('log'))
})
