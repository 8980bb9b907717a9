// A file in storage: the API redirects to it, and the token stays here.
import { describe, expect, it } from 'vitest'
import { printed } from '../kernel/printed.ts'
import { callApi, failureOf } from './called-api.ts'

const follow = { followRedirects: 'without-token', headers: { 'x-own': '1' } } as const
const redirect = (location: string, status = 302): Response =>
  new Response('moved', { status, headers: { location, 'set-cookie': 'a=1' } })
const storage = 'https://contoso.sharepoint.com/download?tempauth=s3cretOfTheUrl'

describe('a file that an API redirects to', () => {
  it.each([301, 302, 303, 307, 308])('is read without token, headers or cookies: %i', async (status) => {
    const { api, received, events } = callApi([redirect(storage, status), new Response('the file')])
    expect(new TextDecoder().decode(await api.getBytes('me/drive/items/1/content', follow))).toBe('the file')
    expect(received[0]?.token).toBe('token-1')
    expect(received[1]).toMatchObject({ url: storage, method: 'GET', body: undefined })
    expect([...(received[1]?.headers ?? [])]).toEqual([])
    expect(received[1]?.init).toMatchObject({
      redirect: 'manual',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    })
    expect(events.at(-1)).toMatchObject({
      type: 'downstream_redirected',
      host: 'contoso.sharepoint.com',
      status: 200,
    })
    expect(JSON.stringify(events)).not.toContain('s3cret')
  })

  it('is a stream with get, and may lie at the second place', async () => {
    const { api, received } = callApi([
      redirect('https://a.example/1'),
      redirect('/2'),
      new Response('the file'),
    ])
    expect(await (await api.get('content', follow)).text()).toBe('the file')
    expect(received.map(({ url, token }) => [url, token]).slice(1)).toEqual([
      ['https://a.example/1', ''],
      ['https://a.example/2', ''],
    ])
  })

  it('is read without the token on the same host as well', async () => {
    const { api, received } = callApi([redirect('https://todolist.contoso.com/api/other'), new Response('x')])
    await api.get('content', follow)
    expect(received[1]?.token).toBe('')
  })

  it('is not followed unless that is asked for', async () => {
    const { api, received } = callApi([redirect(storage)])
    expect(await failureOf(api.getBytes('content'))).toMatchObject({ downstreamStatus: 302 })
    expect((await api.fetch('content')).status).toBe(302)
    expect(received).toHaveLength(2)
  })

  it('needs no redirect', async () => {
    const { api, received } = callApi([new Response('here')])
    expect(await (await api.get('content', follow)).text()).toBe('here')
    expect(received).toHaveLength(1)
  })

  it('is a DownstreamError when the other place refuses, whose challenge is nobody to answer', async () => {
    const challenge = `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{"nbf":{"value":"1"}}}')}"`
    const { api, acquired } = callApi([
      redirect(storage),
      new Response('no', { status: 401, headers: { 'www-authenticate': challenge } }),
    ])
    expect(await failureOf(api.getBytes('content', follow))).toMatchObject({ downstreamStatus: 401 })
    expect(acquired).toHaveLength(1)
  })

  it.each([
    'http://contoso.sharepoint.com/x',
    'https://user:pass@contoso.sharepoint.com/x',
    'https://127.0.0.1/x',
    'https://0x7f.1/x',
    'https://2130706433/x',
    'https://169.254.169.254/metadata',
    'https://[::1]/x',
    'https://[::ffff:7f00:1]/x',
    'https://localhost/x',
    'https://localhost./x',
    'https://a.localhost/x',
    'https://metadata.google.internal/x',
    'https://printer.local/x',
    'https://intranet/x',
    'https://kubernetes.default.svc/x',
    'https://printer.localdomain/x',
    'https://payroll.private/x',
    'ftp://contoso.sharepoint.com/x',
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:1',
    'https://',
  ])('is not read from %s', async (location) => {
    const { api, received } = callApi([redirect(location)])
    expect(await failureOf(api.get('content', follow))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: 302,
    })
    expect(received).toHaveLength(1)
  })

  it('is read from named hosts alone, where hosts are named', async () => {
    const redirectHosts = ['contoso.sharepoint.com', '127.0.0.1:8443']
    const from = async (location: string): Promise<unknown> =>
      failureOf(
        callApi([redirect(location), new Response('x')]).api.get('content', { ...follow, redirectHosts }),
      )
    expect(await from(storage)).toBeUndefined()
    expect(await from('http://127.0.0.1:8443/x')).toBeUndefined()
    expect(await from('https://evil.example/x')).toMatchObject({ downstreamStatus: 302 })
    expect(await from('https://contoso.sharepoint.com:8443/x')).toMatchObject({ downstreamStatus: 302 })
    expect(await from('http://contoso.sharepoint.com/x')).toMatchObject({ downstreamStatus: 302 })
  })

  it.each([{ followRedirects: true }, { ...follow, redirectHosts: 'contoso.sharepoint.com' }])(
    'is not asked for by what cannot be meant: %j',
    async (options) => {
      const { api, received } = callApi([redirect(storage)])
      expect(await failureOf(api.get('content', options as typeof follow))).toMatchObject({
        reason: 'argument_invalid',
      })
      expect(received).toEqual([])
    },
  )

  it('is not looked for without end', async () => {
    const { api, received } = callApi([() => redirect('https://a.example/again')])
    expect(await failureOf(api.get('content', follow))).toMatchObject({ downstreamStatus: 302 })
    expect(received).toHaveLength(4)
  })

  it('leaves the URL, which is a credential, out of its errors, and is reported without an answer', async () => {
    const { api, events } = callApi([
      redirect(storage),
      () => Promise.reject(new TypeError(`fetch of ${storage} failed`)),
    ])
    const error = (await failureOf(api.get('content', follow))) as Error
    expect(error).toMatchObject({ code: 'downstream_failed' })
    expect(printed(error)).not.toContain('s3cret')
    expect(events.at(-1)).toMatchObject({
      type: 'downstream_redirected',
      host: 'contoso.sharepoint.com',
      status: undefined,
    })
  })
})
