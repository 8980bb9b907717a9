// Attacks on the way in: the Authorization field, given twice, joined, folded, in another scheme, or the token somewhere else (RFC 6750 §2, RFC 9110 §11).
import { family, variants, type HostileCase, type HostileRequest } from './hostile-case.ts'
import { forge } from './token-forge.ts'

const { genuine } = forge
const bearer = `Bearer ${genuine}`

/** Requests whose genuine token must not be taken, because it does not stand where it has to. */
const elsewhere = {
  wouldHaveWon: 'Requests in a victim’s name by links, forms and cookies, or tokens in logs and referrers.',
  refusedBy: 'token_missing',
  references: ['RFC 6750 §2.3', 'RFC 6750 §5.3', 'RFC 9700 §4.3.2'],
}

const twoFields = {
  wouldHaveWon: 'One identity for the gateway in front, which checks one field, and another one for us.',
  refusedBy: 'several_fields',
  status: 400,
  references: ['RFC 9110 §5.3'],
} as const

const joined = {
  wouldHaveWon: 'One identity for the gateway in front, which reads one half, and another one for us.',
  refusedBy: 'not_one_token',
  status: 400,
  references: ['RFC 9110 §5.3', 'RFC 6750 §2.1'],
} as const

const scheme = {
  wouldHaveWon: 'A token taken under rules that its sender did not ask for, such as one bound to a key.',
  refusedBy: 'token_missing',
  references: ['CVE-2026-47673', 'RFC 9110 §11.1'],
}

const smuggled = {
  wouldHaveWon: 'A header or a request that only one of two servers sees (request smuggling, log forging).',
  stoppedByServer: true,
  references: ['RFC 9112 §5.2', 'RFC 9110 §5.5'],
} as const

const fields = (...values: readonly string[]): HostileRequest => ({ fields: values })

/** Header lines beside no Authorization field at all. */
const only = (...lines: readonly string[]): HostileRequest => ({ fields: [], lines })

const form = 'Content-Type: application/x-www-form-urlencoded'

export const headerCases: readonly HostileCase[] = [
  ...family(
    { ...elsewhere, wouldHaveWon: 'Access by anybody who just asks.' },
    { 'no field at all': () => fields(), 'an empty field': () => fields('') },
  ),
  ...family(elsewhere, {
    'in the query': () => ({ fields: [], start: `GET /?access_token=${genuine}` }),
    'in a form': () => ({
      fields: [],
      start: 'POST /',
      lines: [form, `Content-Length: ${genuine.length + 13}`],
      body: `access_token=${genuine}`,
    }),
    'in a cookie': () => only(`Cookie: Authorization=${bearer}; access_token=${genuine}`),
    'in Proxy-Authorization': () => only(`Proxy-Authorization: ${bearer}`),
    'in X-Forwarded-Authorization': () => only(`X-Forwarded-Authorization: ${bearer}`),
    'in X-Authorization': () => only(`X-Authorization: ${bearer}`),
    'in the field of App Service': () =>
      only(
        `X-MS-TOKEN-AAD-ACCESS-TOKEN: ${genuine}`,
        'X-MS-CLIENT-PRINCIPAL: eyJ9',
        'X-MS-CLIENT-PRINCIPAL-ID: ada',
      ),
    'in a WebSocket protocol': () => only(`Sec-WebSocket-Protocol: bearer, ${genuine}`),
    'in a field with an underscore': () => only(`Authorization_: ${bearer}`, `HTTP_AUTHORIZATION: ${bearer}`),
    'in a field called __proto__': () => only(`__proto__: ${bearer}`),
    'in a trailer': () => ({
      fields: [],
      start: 'POST /',
      lines: ['Transfer-Encoding: chunked', 'Trailer: Authorization'],
      body: `2\r\nab\r\n0\r\nAuthorization: ${bearer}\r\n\r\n`,
    }),
    'in traceparent': () => only(`traceparent: ${bearer}`),
    'in the path': () => ({ fields: [], start: `GET /${genuine}` }),
  }),
  ...family(scheme, {
    'no scheme': () => fields(genuine),
    Basic: () => fields(`Basic ${genuine}`),
    DPoP: () => fields(`DPoP ${genuine}`),
    PoP: () => fields(`PoP ${genuine}`),
    JWT: () => fields(`JWT ${genuine}`),
    Token: () => fields(`Token ${genuine}`),
    Negotiate: () => fields(`Negotiate ${genuine}`),
    BearerX: () => fields(`BearerX ${genuine}`),
    XBearer: () => fields(`XBearer ${genuine}`),
    'Bearer without the space': () => fields(`Bearer${genuine}`),
    'Bearer and a colon': () => fields(`Bearer: ${genuine}`),
    'Bearer and an equals sign': () => fields(`Bearer=${genuine}`),
    'Bearer and a percent-encoded space': () => fields(`Bearer%20${genuine}`),
    'Bearer and a plus for the space': () => fields(`Bearer+${genuine}`),
    'Bearer in full-width letters': () => fields(Buffer.from(`Ｂearer ${genuine}`).toString('latin1')),
    'Bearer behind a byte order mark': () => fields(Buffer.from(`\ufeff${bearer}`).toString('latin1')),
    'Bearer and a zero-width space': () => fields(Buffer.from(`Bearer\u200b${genuine}`).toString('latin1')),
    'an encoded word': () => fields(`=?utf-8?B?${Buffer.from(bearer).toString('base64')}?=`),
    'quotation marks around everything': () => fields(`"${bearer}"`),
  }),
  ...variants(
    {
      wouldHaveWon: 'A look behind the curtain: what a gate does with no token often is an exception.',
      refusedBy: 'no_token',
      status: 400,
      references: ['RFC 6750 §3.1'],
    },
    'nothing but',
    ['Bearer', 'bearer', 'BEARER'],
    (_, value) => fields(value),
  ),
  ...family(twoFields, {
    'a genuine token and rubbish': () => fields(bearer, 'Bearer x'),
    'rubbish and a genuine token': () => fields('Bearer x', bearer),
    'the same genuine token twice': () => fields(bearer, bearer),
    'tokens of two users': ({ user }) => fields(bearer, `Bearer ${user({ sub: 'another' })}`),
    'a genuine token and another scheme': () => fields(bearer, 'Basic YWRhOng='),
    'a genuine token and an empty field': () => fields(bearer, ''),
    'two empty fields': () => fields('', ''),
    'a hundred fields': () => fields(...Array.from({ length: 100 }, () => bearer)),
    'two fields whose names differ in letter case': () => ({
      fields: [bearer, 'Bearer x'],
      lines: [`authorization: ${bearer}`, 'AUTHORIZATION: Bearer x'],
    }),
    'two fields with others between them': () => ({
      fields: ['Bearer x', bearer],
      lines: ['Authorization: Bearer x', 'Accept: */*', 'Cookie: a=b', `Authorization: ${bearer}`],
    }),
  }),
  ...family(joined, {
    'two tokens joined by a comma': () => fields(`${bearer}, ${bearer}`),
    'two tokens joined by a comma without a space': () => fields(`${bearer},${bearer}`),
    'another scheme, a comma and a genuine token': () => fields(`Basic YWRhOng=, ${bearer}`),
    'a genuine token, a comma and another scheme': () => fields(`${bearer}, Basic YWRhOng=`),
    'another scheme before Bearer without a comma': () => fields(`Basic ${bearer}`),
    'a comma at the end': () => fields(`${bearer},`),
    'a comma at the beginning': () => fields(`Bearer ,${genuine}`),
    'two tokens with a space between': () => fields(`${bearer} ${genuine}`),
    'parameters behind the token': () => fields(`${bearer} realm="x"`),
    'Bearer twice': () => fields(`Bearer ${bearer}`),
    'spaces and a tab': () => fields(`Bearer  \t${genuine}`),
    'two spaces, and a space in the token': () => fields(`Bearer  ${genuine} x`),
    'a tab for the space': () => fields(`Bearer\t${genuine}`),
    'a tab behind the space': () => fields(`Bearer \t${genuine}`),
    'a tab in the token': () => fields(`${bearer.slice(0, 60)}\t${bearer.slice(60)}`),
    'a no-break space': () => fields(`Bearer\u00a0${genuine}`),
    'the JSON serialisation': () =>
      fields(`Bearer ${JSON.stringify({ protected: 'eyJ9', payload: 'eyJ9', signature: 'AAAA' })}`),
  }),
  ...family(
    {
      wouldHaveWon: 'A token that is found by a parser that is too kind.',
      refusedBy: 'not_base64url',
      references: ['RFC 6750 §2.1'],
    },
    {
      'a token in quotation marks': () => fields(`Bearer "${genuine}"`),
      'a parameter for the token': () => fields(`Bearer access_token=${genuine}`),
      'a token in angle brackets': () => fields(`Bearer <${genuine}>`),
      'a token and a semicolon': () => fields(`${bearer};`),
      'a token behind a byte order mark': () =>
        fields(Buffer.from(`Bearer \ufeff${genuine}`).toString('latin1')),
      'a token behind a no-break space': () => fields(`Bearer \u00a0${genuine}`),
      'a byte with its eighth bit set behind the token': () => fields(`${bearer}\u0080`),
    },
  ),
  ...family(
    { ...smuggled, refusedBy: 'not_base64url' },
    {
      'a NUL behind the token': () => fields(`${bearer}\0`),
      'a NUL in the token': () => fields(`${bearer.slice(0, 60)}\0${bearer.slice(60)}`),
      'a line feed in the token': () => fields(`${bearer.slice(0, 60)}\n${bearer.slice(60)}`),
      'a carriage return in the token': () => fields(`${bearer.slice(0, 60)}\r${bearer.slice(60)}`),
      'a delete character behind the token': () => fields(`${bearer}\x7f`),
      'an escape character before the token': () => fields(`Bearer \x1b${genuine}`),
    },
  ),
  ...family(
    { ...smuggled, refusedBy: 'not_one_token', status: 400 },
    {
      'a field folded behind Bearer': () => fields(`Bearer\r\n ${genuine}`),
      'a field folded in the token': () => fields(`${bearer.slice(0, 60)}\r\n\t${bearer.slice(60)}`),
      'a vertical tab for the space': () => fields(`Bearer\x0b${genuine}`),
      'a form feed for the space': () => fields(`Bearer\x0c${genuine}`),
      'a line feed for the space': () => fields(`Bearer\n${genuine}`),
    },
  ),
  ...family(
    { ...smuggled, refusedBy: 'token_missing' },
    {
      'a NUL for the space': () => fields(`Bearer\0${genuine}`),
      'a space before the colon': () => only(`Authorization : ${bearer}`),
      'a field without a name': () => only(`: ${bearer}`),
      'a folded first line': () => only(`Authorization:\r\n ${bearer}`),
      'two lengths of the body': () => only('Content-Length: 0', 'Content-Length: 5', `X: ${bearer}`),
      'a length and chunks': () => only('Content-Length: 3', 'Transfer-Encoding: chunked', `X: ${bearer}`),
    },
  ),
]
