// Groups of a user, all of them, where a token only says that there are too many; and the photo.
import { crc32, inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import { alice, assistant, contoso, type Json } from '../scenario.ts'
import { ask, dora, manyGroups, startGraph, tokenFor, tokenOfApplication } from './graph-world.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startGraph()
})
afterAll(() => emulator.stop())

const body = { securityEnabledOnly: false }
const idsOf = (answer: { body: Json }): string[] =>
  (answer.body['value'] as Json[]).map(({ id }) => id as string)

describe('membership', () => {
  it('is told page by page', async () => {
    const token = await tokenFor(emulator, 'User.Read', dora)
    const first = await ask(emulator, '/me/memberOf?$top=200', token)
    const second = await ask(emulator, first.body['@odata.nextLink'] as string, token)
    expect([...idsOf(first), ...idsOf(second)]).toEqual(manyGroups)
    expect(first.body['value'][0]).toMatchObject({ '@odata.type': '#microsoft.graph.group' })
    expect(first.body['@odata.context']).toBe(`${emulator.origin}/v1.0/$metadata#directoryObjects`)
  })

  it('names a group to whom may read groups, where the directory has a name', async () => {
    const namesFor = async (permission: string): Promise<unknown[]> => {
      const answer = await ask(emulator, '/me/memberOf?$top=3', await tokenFor(emulator, permission, dora))
      return (answer.body['value'] as Json[]).map(({ displayName }) => displayName as unknown)
    }
    expect(await namesFor('User.Read')).toEqual([null, null, null])
    expect(await namesFor('GroupMember.Read.All')).toEqual([null, 'Payroll', null])
  })

  it.each(['getMemberObjects', 'getMemberGroups'])('is told at once by %s', async (name) => {
    const token = await tokenFor(emulator, 'User.Read', dora)
    const answer = await ask(emulator, `/me/${name}`, token, body)
    expect(answer.body).toEqual({
      '@odata.context': `${emulator.origin}/v1.0/$metadata#Collection(Edm.String)`,
      value: manyGroups,
    })
    expect((await ask(emulator, `/me/${name}`, token, {})).status).toBe(400)
    expect(
      (await ask(emulator, `/me/${name}`, await tokenFor(emulator, 'User.Read'), body)).body['value'],
    ).toEqual([])
  })

  it('is checked against groups that are named, twenty at most', async () => {
    const token = await tokenFor(emulator, 'User.Read', dora)
    const check = async (groupIds: unknown): Promise<{ status: number; body: Json }> =>
      ask(emulator, '/me/checkMemberGroups', token, { groupIds })
    const [first = '', second = ''] = manyGroups
    expect((await check([second, contoso, first.toUpperCase()])).body).toEqual({
      '@odata.context': `${emulator.origin}/v1.0/$metadata#Collection(Edm.String)`,
      value: [second, first],
    })
    expect((await check(manyGroups.slice(0, 20))).body['value']).toHaveLength(20)
    for (const wrong of [manyGroups.slice(0, 21), [], undefined, 'all', [1], ['Payroll']])
      expect((await check(wrong)).body['error'], JSON.stringify(wrong)).toMatchObject({
        code: 'Request_BadRequest',
      })
    const others = await ask(emulator, `/users/${alice}/checkMemberGroups`, token, { groupIds: [first] })
    expect(others.status).toBe(403)
  })

  it('of others needs a permission for that, which User.Read is not', async () => {
    const path = `/users/${dora}/getMemberObjects`
    expect((await ask(emulator, path, await tokenFor(emulator, 'User.Read'), body)).status).toBe(403)
    expect(
      (await ask(emulator, `/users/${dora}/memberOf`, await tokenFor(emulator, 'User.Read'))).status,
    ).toBe(403)
    const permitted = await tokenFor(emulator, 'GroupMember.Read.All')
    expect((await ask(emulator, path, permitted, body)).body['value']).toEqual(manyGroups)
    expect(idsOf(await ask(emulator, `/users/${dora}/memberOf`, permitted))).toHaveLength(100)
    const application = await tokenOfApplication(emulator, 'GroupMember.Read.All')
    expect((await ask(emulator, path, application, body)).body['value']).toEqual(manyGroups)
    expect((await ask(emulator, '/me/getMemberObjects', application, body)).status).toBe(400)
    expect((await ask(emulator, '/users/nobody/memberOf', application)).status).toBe(404)
  })
})

describe('a photo', () => {
  const fetchPhoto = async (path: string, token: string): Promise<Response> =>
    fetch(`${emulator.origin}/v1.0${path}`, { headers: { authorization: `Bearer ${token}` } })

  it('is a picture of one colour for each person', async () => {
    const token = await tokenFor(emulator, 'User.Read')
    const answer = await fetchPhoto('/me/photo/$value', token)
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    const chunks = chunksOf(bytes.subarray(8))
    expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND'])
    const [header, data, end] = chunks
    expect(end?.data).toHaveLength(0)
    // Width, height, 8 bits a sample, RGB; then the only methods there are.
    expect(header?.data.toString('hex')).toBe('00000030' + '00000030' + '08' + '02' + '000000')
    const rows = inflateSync(data?.data ?? Buffer.alloc(0)).toString('hex')
    const [, colour = ''] = /^00([0-9a-f]{6})/.exec(rows) ?? []
    expect(rows).toBe(`00${colour.repeat(48)}`.repeat(48))
    const other = await fetchPhoto('/me/photo/$value', await tokenFor(emulator, 'User.Read', dora))
    expect(Buffer.from(await other.arrayBuffer())).not.toEqual(bytes)
    expect((await ask(emulator, '/me/photo', token)).body).toMatchObject({
      id: '48X48',
      width: 48,
      height: 48,
    })
  })

  it('of others needs a permission for that, and agents have none', async () => {
    expect(
      (await fetchPhoto(`/users/${alice}/photo/$value`, await tokenFor(emulator, 'User.Read'))).status,
    ).toBe(403)
    const token = await tokenFor(emulator, 'User.ReadBasic.All')
    expect((await fetchPhoto(`/users/${alice}/photo/$value`, token)).status).toBe(200)
    for (const permitted of [
      await tokenFor(emulator, 'ProfilePhoto.Read.All'),
      await tokenOfApplication(emulator, 'ProfilePhoto.Read.All'),
    ])
      expect((await fetchPhoto(`/users/${alice}/photo/$value`, permitted)).status).toBe(200)
    const none = await ask(emulator, `/users/${assistant}/photo`, token)
    expect([none.status, none.body['error'].code]).toEqual([404, 'ImageNotFound'])
  })
})

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

/** The chunks of a PNG (RFC 2083 §3.2), each with the checksum that it says. */
function chunksOf(bytes: Buffer): readonly Chunk[] {
  if (bytes.length === 0) return []
  const end = 8 + bytes.readUInt32BE(0)
  expect(bytes.readUInt32BE(end)).toBe(crc32(bytes.subarray(4, end)))
  const chunk = { type: bytes.subarray(4, 8).toString('latin1'), data: bytes.subarray(8, end) }
  return [chunk, ...chunksOf(bytes.subarray(end + 4))]
}

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/membership.txt')
})
