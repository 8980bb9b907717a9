// Faults that change nothing that anybody could notice, one by one, each with its reason.

/** @type {ReadonlyMap<string, string>} By the name of the fault, as `npm run mutate` prints it. */
export const equivalentFaults = new Map([
  [
    "packages/midtier/src/call/request/request-url.ts | condition | url.origin !== base.origin || !url.pathname.startsWith(base.pathname) || url.username !== '' || url.password !== '' => false",
    'a second lock: nothing that the question before it lets through leaves the base; were it let through, this would stop it',
  ],
  [
    'packages/midtier/src/acquire/sources/gates.ts | condition | this.#callers.size === 0 => false',
    'what is empty has nobody to find; the question saves the key of every request',
  ],
  [
    'packages/midtier/src/kernel/http/routes.node.ts | result | {} => undefined',
    'spread into an object, undefined adds nothing, as {} does',
  ],
  [
    'packages/midtier/src/kernel/crypto/base64url.ts | default | sextets[code & 0xff] ?? 255 => sextets[code & 0xff]',
    'the table has all 256 places, so there is no absent one; the default is for the compiler',
  ],
  [
    'packages/midtier/src/kernel/crypto/base64url.ts | default | sextets[text.charCodeAt(text.length - 1) & 0xff] ?? 255 => sextets[text.charCodeAt(text.length - 1) & 0xff]',
    'as above',
  ],
  [
    'packages/midtier/src/kernel/http/http.ts | condition | request.body === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request/request.ts | condition | cache === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request/request.ts | condition | integrity === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request/request.ts | condition | keepalive === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request/request.ts | condition | priority === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/emulator/src/x509/der.ts | default | bytes[0] ?? 0 => bytes[0]',
    'an integer without bytes has no sign bit either way: undefined & 0x80 is 0',
  ],
  [
    'packages/emulator/src/x509/der.ts | literal | 0 => 0 + 1 (4)',
    'the same default: 1 has no sign bit, as 0 has none',
  ],
  [
    'packages/emulator/src/x509/certificate.ts | default | bytes[0] ?? 0 => bytes[0]',
    'sixteen random bytes have a first one; the default is for the compiler',
  ],
  ['packages/emulator/src/x509/certificate.ts | literal | 0 => 0 + 1 (4)', 'as above'],
  [
    'packages/emulator/src/kernel/seal.ts | statement | throw error => ',
    'what node:crypto throws is an Error, and was answered before; the line is for the compiler, which does not know',
  ],
  [
    "packages/midtier/src/client-auth/credential-error.ts | condition | 'code' in error => true",
    'a member that is not there is undefined; the question is for the compiler',
  ],
  [
    'packages/midtier/src/grants/token-endpoint/discover-token-endpoint.ts | literal | 0 => 0 + 1 (3)',
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
  ],
  [
    'packages/midtier/src/grants/token-endpoint/discover-token-endpoint.ts | literal | 0 => 0 + 1 (4)',
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
  ],
  [
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (5)',
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
  ],
  [
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (6)',
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
  ],
  [
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (7)',
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
  ],
  [
    'packages/midtier/src/authority/metadata.ts | literal | 0 => 0 + 1 (2)',
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
  ],
  [
    'packages/midtier/src/authority/metadata.ts | literal | 0 => 0 + 1 (3)',
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
  ],
  [
    'packages/midtier/src/token-cache/memory-store.ts | condition | found?.store === this && found.value !== undefined => false',
    'the slot only leads sooner to the entry that would be found anyway',
  ],
  [
    'packages/midtier/src/authority/authority.ts | condition | latest?.tenantId !== tenantId => true',
    'what is remembered is written anew, and is the same',
  ],
  [
    'packages/midtier/src/grants/claims-request.ts | condition | before !== undefined => false',
    'what is remembered is written anew, and is the same',
  ],
  [
    'packages/midtier/src/grants/claims-request.ts | statement | written.set(capabilities, text) => ',
    'what is not remembered is written anew, and is the same',
  ],
  [
    'packages/midtier/src/client-auth/certificate/der.ts | default | content[0] ?? 0 => content[0]',
    'an INTEGER without bytes is none before that: it counts to less than one',
  ],
  ['packages/midtier/src/client-auth/certificate/der.ts | literal | 0 => 0 + 1 (4)', 'as above'],
  [
    'packages/midtier/src/client-auth/managed-identity/managed-identity-token.ts | literal | 1 => 1 + 1 (3)',
    'an answer that is due already is waited for a millisecond or two: neither is time enough for one',
  ],
  [
    "packages/midtier/src/jwt/compact.ts | literal | 'string' => '' (3)",
    'a malformed header that is remembered is as malformed as one that is parsed again',
  ],
  [
    "packages/midtier/src/acquire/shared/shared-store.ts | literal | 'subscribe' => '' (2)",
    'begins the message of an error that is let go of on the same line',
  ],
  [
    'packages/midtier/src/kernel/http/platform-fetch.node.ts | condition | dispatcher === undefined => false',
    'the first dispatcher that is not ordinary is looked for: one that is not there would be found, and is undefined either way',
  ],
  [
    "packages/midtier/src/testing/store-rank-cases.ts | literal | 'plain' => ''",
    'whatever text has no rank gives way: this one is as good as any',
  ],
  ["packages/midtier/src/testing/store-rank-cases.ts | literal | 'plain' => '' (2)", 'as above'],
  [
    'packages/midtier/src/acquire/sources/with-cache.ts | condition | kept !== undefined => true',
    'waiting for what is no promise takes a turn of the event loop and changes nothing',
  ],
  [
    'packages/midtier/src/adapters/context.ts | condition | shared[storageKey] === undefined => false',
    'work without a caller in a storage that nobody uses yet is work without a caller; it only costs the storage',
  ],
  [
    'packages/midtier/src/jwt/compact.ts | boundary | segment.length > longestKeptHeader => (segment.length) >= (longestKeptHeader)',
    'a header that is not kept is parsed again, to the same',
  ],
  [
    'packages/midtier/src/jwt/compact.ts | boundary | headers.size >= maxHeaders => (headers.size) > (maxHeaders)',
    'headers that are forgotten one later are parsed once less',
  ],
  [
    'packages/midtier/src/jwt/strict-json.ts | literal | 8_192 => 8_192 + 1',
    'a text of that length is judged alike by both ways of parsing; which is taken is a matter of time',
  ],
  [
    'packages/midtier/src/kernel/claims-request.ts | condition | json === undefined => false',
    'what is no text is no JSON either: the parser answers undefined for it',
  ],
  [
    'packages/midtier/src/acquire/shared/invalidations.ts | literal | 2.5 => 2.5 + 1',
    'a bound of names, which are swept when it is reached: a greater one is swept later',
  ],
  [
    'packages/midtier/src/protect/requirements/requirements.ts | condition | before !== undefined => false',
    'what was resolved before is resolved again, to the same',
  ],
  [
    'packages/midtier/src/testing/store-conformance.ts | literal | 10 => 10 + 1',
    'one more of many who ask at the same time',
  ],
  [
    'packages/midtier/src/stores/keep-subscribed.ts | condition | connection !== watched => false (2)',
    'there is one timer at a time, so that none of a connection that was given up is left',
  ],
  [
    'packages/midtier/src/adapters/shared/plain-answer.ts | literal | 3 => 3 + 1',
    'between the slashes of a URL and its path stands a host, of one character at least',
  ],
  [
    'packages/midtier/src/bin/read-options.ts | condition | audience === undefined => false',
    'an option that is undefined is one that is absent',
  ],
  [
    'packages/midtier/src/jwt/strict-json.ts | literal | 1e12 => 1e12 + 1',
    'a number of that size is judged alike by both ways of parsing; which is taken is a matter of time',
  ],
  [
    'packages/midtier/src/protect/verified-tokens.ts | default | this.#doorkeeper?.knows(token) ?? false => this.#doorkeeper?.knows(token)',
    'who asks wants yes or anything else',
  ],
  [
    'packages/emulator/src/directory/policy-schema.ts | boundary | twice < 0 => (twice) <= (0)',
    'the first of a list has no other one before it',
  ],
  [
    'packages/emulator/src/endpoints/authorize/interaction.tsx | logic | user === undefined || tenant === undefined => (user === undefined) && (tenant === undefined)',
    'a person of the directory is of a tenant of the directory, which is checked when it is read',
  ],
  [
    "packages/emulator/src/http/exchange.ts | default | c.req.param(name) ?? '' => c.req.param(name)",
    'the route has the parameter; the default is for the compiler',
  ],
  ["packages/emulator/src/http/exchange.ts | literal | '' => 'fault'", 'as above'],
  [
    "packages/emulator/src/server/observe.ts | default | c.req.header('traceparent') ?? '' => c.req.header('traceparent')",
    'to a regular expression no text is the text undefined, which is no traceparent either',
  ],
  [
    "packages/emulator/src/tokens/signing-keys.ts | default | text ?? '' => text",
    'neither no text nor an empty one is JSON',
  ],
  [
    'packages/midtier/src/protect/doorkeeper.ts | literal | 27 => 27 + 1',
    'the upper four bits of a number that is spread tell tokens apart nearly as well as the upper five: a guess, and it costs a check',
  ],
  [
    'packages/midtier/src/acquire/shared/fresh-messages.ts | logic | from === undefined || text === undefined => (from === undefined) && (text === undefined)',
    'a message that matches has both, and one that does not has neither',
  ],
  [
    'packages/midtier/src/client-auth/first-of.ts | literal | 1 => 1 + 1',
    'a count of changes is compared with what it was, and with nothing else',
  ],
  [
    'packages/midtier/src/authority/joined-signing-keys.ts | condition | others.length === 0 => false',
    'the keys of one document, joined with none, are its own',
  ],
  [
    "packages/midtier/src/acquire/shared/shared-store.ts | literal | 'messages' => ''",
    'the name of a breaker, which is no less another one than all that begin with partitions',
  ],
  [
    'packages/midtier/src/protect/doorkeeper.ts | boundary | token.length < tailLength => (token.length) <= (tailLength)',
    'no token is as short as that: it has a header, claims and a signature',
  ],
  [
    'packages/midtier/src/protect/doorkeeper.ts | literal | 1 => 1 + 1',
    'a table that is larger than it need be, for some capacities',
  ],
  [
    "packages/midtier/src/testing/fake-tokens.ts | literal | '' => 'fault' (3)",
    'nobody is called by either: a test is given names of callers, and no others are known',
  ],
  [
    "packages/emulator/src/grants/user-federated-credential.ts | default | tenant?.displayName ?? '' => tenant?.displayName",
    'an agent is of a tenant of the directory, which is checked when it is read; the default is for the compiler',
  ],
  ["packages/emulator/src/grants/user-federated-credential.ts | literal | '' => 'fault' (3)", 'as above'],
  [
    "packages/emulator/src/endpoints/authorize/note-step.ts | condition | 'account' in step => true",
    'a member that is not there is undefined; the question is for the compiler',
  ],
  [
    'packages/emulator/src/endpoints/authorize/note-step.ts | condition | session === undefined => false',
    'an account is of a session that is there; the question is for the compiler',
  ],
  [
    'packages/emulator/src/endpoints/managed-identity/identity-token.ts | statement | throw new AadstsError(500011, { resource, tenant: tenant.displayName }) => ',
    'a scope with a name before /.default is of an API, or was refused before; the line is for the compiler',
  ],
  [
    'packages/emulator/src/directory/difference.ts | condition | before === after => false',
    'a list differs from itself in nothing; the question saves the way through it',
  ],
  [
    'packages/emulator/src/policies/demands.ts | literal | 0 => 0 + 1 (4)',
    'a policy of that kind has an age, which is checked when it is read; the default is for the compiler',
  ],
  ...[
    'ui/form-parts.tsx | default | letter.codePointAt(0) ?? 0 => letter.codePointAt(0)',
    'ui/form-parts.tsx | literal | 0 => 0 + 1 (4)',
  ].map((fault) => [
    `packages/emulator/src/${fault}`,
    'a letter has a code point; the default is for the compiler',
  ]),
  ...[
    'connect/connection.ts | condition | tenant === undefined => false',
    "connect/connection.ts | statement | throw new EmulatorOptionsError('application', `${wanted} is in no tenant`) => ",
  ].map((fault) => [
    `packages/emulator/src/${fault}`,
    'a directory has a tenant, which is checked when it is read; the question is for the compiler',
  ]),
  ...["'' => 'fault'", "'' => 'fault' (2)", "'' => 'fault' (3)"].map((fault) => [
    `packages/emulator/src/endpoints/home/home-form.ts | literal | ${fault}`,
    'nobody has the name that stands for none, be it empty or another',
  ]),
  ...["default | audience ?? '' => audience", "literal | '' => 'fault'"].map((fault) => [
    `packages/midtier/src/acquire/request/agent-proofs.ts | ${fault}`,
    'where no authority knows agents, nobody asks for what one shows',
  ]),
  ...[
    "default | searchParams.get('client_id') ?? '' => searchParams.get('client_id')",
    "literal | '' => 'fault'",
  ].map((fault) => [
    `packages/midtier/src/doctor/checks/user-token.ts | ${fault}`,
    'the address of the consent is written by this library, and names the client',
  ]),
  ...[
    "default | form.get('scope') ?? '' => form.get('scope')",
    "literal | '' => 'fault' (2)",
    "default | form.get('client_id') ?? '' => form.get('client_id')",
    "literal | '' => 'fault' (3)",
  ].map((fault) => [
    `packages/midtier/src/testing/fake-authority.ts | ${fault}`,
    'it is asked by this library alone, which names scopes and client in each request',
  ]),
  ...[
    "protect/stages.ts | condition | trust === undefined || typeof kid !== 'string' => false",
    "protect/stages.ts | logic | trust === undefined || typeof kid !== 'string' => (trust === undefined) && (typeof kid !== 'string')",
    'authority/metadata.ts | condition | error instanceof HttpError => true',
    "grants/token-endpoint/discover-token-endpoint.ts | condition | !hasCode(error, 'authority_unavailable') => false",
    "grants/token-endpoint/discover-token-endpoint.ts | condition | hasCode(error, 'authority_unavailable') => true",
  ].map((fault) => [
    `packages/midtier/src/${fault}`,
    'what stands before it lets nothing else come here; it stays so that a fault of our own is refused, and is never told as an outage',
  ]),
  [
    'packages/midtier/src/kernel/crypto/crypto.node.ts | literal | 16_384 => 16_384 + 1',
    'a text of that length is decoded alike in scratch memory and in memory of its own',
  ],
  [
    "packages/midtier/src/kernel/crypto/crypto.node.ts | literal | '\\ufffd' => ''",
    'every text is decoded by the strict way then, to the same; the question saves its time',
  ],
  ...[
    'kernel/json.ts',
    'jwt/strict-json.ts',
    'kernel/crypto/base64url.ts',
    'kernel/claims-request.ts',
    'adapters/mcp/messages.ts',
  ].map((file) => [
    `packages/midtier/src/${file} | statement | throw error => `,
    'nothing else is thrown there: the line is for what nobody has thought of',
  ]),
  ...['kernel/json.ts', 'jwt/strict-json.ts'].map((file) => [
    `packages/midtier/src/${file} | condition | error instanceof SyntaxError => true`,
    'nothing else is thrown there: the line is for what nobody has thought of',
  ]),
  [
    'packages/midtier/src/acquire/sources/from-authority.ts | condition | built !== undefined => true',
    'a question to ourselves: no request is built without what it exchanges',
  ],
  [
    'packages/midtier/src/acquire/sources/from-authority.ts | literal | 256 => 256 + 1',
    'lists that are forgotten one later are shared once more',
  ],
  [
    'packages/midtier/src/acquire/sources/breaker.ts | condition | this.#told.size < this.#limits.callersToOpen => true',
    'callers beyond those that it takes are counted for nothing; the question keeps their names from being kept',
  ],
  [
    'packages/midtier/src/acquire/sources/from-authority.ts | boundary | granted.size >= maxGranted => (granted.size) > (maxGranted)',
    'lists that are forgotten one later are shared once more',
  ],
  [
    "packages/midtier/src/token-cache/key-ring.ts | literal | 'authentication' => ''",
    'a key has one of two uses, and whoever asks, asks for the other one',
  ],
  [
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (2)',
    'the first request is the first of all either way: what is answered is later than none',
  ],
  [
    'packages/midtier/src/jwt/strict-json.ts | result | value => undefined',
    'of a text with too many parts, or too deep, nothing is given out',
  ],
  [
    'packages/midtier/src/web-api/agent.ts | condition | account.user?.objectId !== undefined => true',
    'an account by name is noted under no object id, and nobody asks for that one; the question is for the compiler',
  ],
  ...[
    'kernel/crypto/random.ts | default | drawn[next++] ?? 0 => drawn[next++]',
    'kernel/crypto/random.ts | literal | 0 => 0 + 1 (2)',
    'protect/doorkeeper.ts | default | this.#latest[place] ?? 0 => this.#latest[place]',
    'protect/doorkeeper.ts | literal | 0 => 0 + 1 (2)',
    'protect/doorkeeper.ts | default | this.#earlier[place] ?? 0 => this.#earlier[place]',
    'protect/doorkeeper.ts | literal | 0 => 0 + 1 (3)',
    'protect/doorkeeper.ts | default | this.#latest[place] ?? 0 => this.#latest[place] (2)',
    'protect/doorkeeper.ts | literal | 0 => 0 + 1 (7)',
    "jwt/packed-text.ts | default | twoDigits[bytes.charCodeAt(at)] ?? '' => twoDigits[bytes.charCodeAt(at)]",
    "jwt/packed-text.ts | literal | '' => 'fault' (3)",
    "kernel/known-options.ts | default | known[0] ?? '' => known[0]",
    "kernel/known-options.ts | literal | '' => 'fault' (2)",
    'kernel/known-options.ts | default | previous[column] ?? 0 => previous[column]',
    'kernel/known-options.ts | literal | 0 => 0 + 1 (3)',
    'kernel/known-options.ts | default | previous[column + 1] ?? 0 => previous[column + 1]',
    'kernel/known-options.ts | literal | 0 => 0 + 1 (5)',
    'kernel/known-options.ts | default | current[column] ?? 0 => current[column]',
    'kernel/known-options.ts | literal | 0 => 0 + 1 (6)',
    'kernel/known-options.ts | default | previous[to.length] ?? 0 => previous[to.length]',
    'kernel/known-options.ts | literal | 0 => 0 + 1 (7)',
    'client-auth/certificate/pkcs12-key.ts | default | blocks[start + at] ?? 0 => blocks[start + at]',
    'client-auth/certificate/pkcs12-key.ts | literal | 0 => 0 + 1 (8)',
    'client-auth/certificate/pkcs12-key.ts | default | addend[at] ?? 0 => addend[at]',
    'client-auth/certificate/pkcs12-key.ts | literal | 0 => 0 + 1 (9)',
    "adapters/shared/raw-header.ts | default | rawHeaders[index] ?? '' => rawHeaders[index]",
    "adapters/shared/raw-header.ts | literal | '' => 'fault'",
    "adapters/shared/raw-header.ts | default | rawHeaders[index + 1] ?? '' => rawHeaders[index + 1]",
    "adapters/shared/raw-header.ts | literal | '' => 'fault' (2)",
    "acquire/request/scopes.ts | default | scopes[0] ?? '' => scopes[0]",
    "acquire/request/scopes.ts | literal | '' => 'fault'",
    "client-auth/federated-token-file.ts | default | token.split('.')[1] ?? '' => token.split('.')[1]",
    "client-auth/federated-token-file.ts | literal | '' => 'fault' (2)",
    'call/request/request-url.ts | default | character.codePointAt(0) ?? 0 => character.codePointAt(0)',
    'call/request/request-url.ts | literal | 0 => 0 + 1 (5)',
    'registration/write/bicep.ts | default | each.codePointAt(0) ?? 0 => each.codePointAt(0)',
    'registration/write/bicep.ts | literal | 0 => 0 + 1 (4)',
    'kernel/http/exchange.node.ts | default | answer.statusCode ?? 0 => answer.statusCode',
    'kernel/http/exchange.node.ts | literal | 0 => 0 + 1',
    'kernel/http/exchange.node.ts | default | answer.statusCode ?? 0 => answer.statusCode (2)',
    'kernel/http/exchange.node.ts | literal | 0 => 0 + 1 (3)',
    "adapters/shared/check-use.ts | default | call.split('(', 1)[0] ?? call => call.split('(', 1)[0]",
    "token-cache/envelope.ts | literal | '' => 'fault' (2)",
  ].map((fault) => [
    `packages/midtier/src/${fault}`,
    'the place is there, whatever the input: the loop or the question before it sees to that; the default is for the compiler',
  ]),
  [
    'packages/midtier/src/bin/format-plan.ts | boundary | value >= 100 => (value) > (100)',
    'a hundred has three digits either way of writing it',
  ],
  [
    'packages/midtier/src/bin/format-plan.ts | boundary | value < 1 => (value) <= (1)',
    'one has one digit either way of writing it',
  ],
  [
    'packages/midtier/src/client-auth/certificate/certificate-content.ts | literal | 0 => 0 + 1',
    'a second byte that is absent is none of a length either way; the default is for the compiler',
  ],
  ...['literal | 0 => 0 + 1 (7)', 'literal | 0 => 0 + 1 (8)'].map((fault) => [
    `packages/midtier/src/client-auth/certificate/der.ts | ${fault}`,
    'what is shorter than a header ends before its content begins, whatever stands for what is absent',
  ]),
  [
    'packages/midtier/src/client-auth/certificate/pkcs12-key.ts | boundary | start < blocks.length => (start) <= (blocks.length)',
    'what is written beyond the end of a typed array is written nowhere',
  ],
  ...[
    'assertion/assertion-signer.ts | literal | false => true',
    'certificate/pbes2.ts | literal | false => true (2)',
    'certificate/pkcs12-mac.ts | literal | false => true',
  ].map((fault) => [
    `packages/midtier/src/client-auth/${fault}`,
    'nobody is handed the key who could export it: it lives in a closure, or for one call',
  ]),
  ...[
    'condition | candidate === undefined => false',
    "statement | throw new RangeError('No such credential') => ",
  ].map((fault) => [
    `packages/midtier/src/client-auth/first-of.ts | ${fault}`,
    'every index is one of the list; the question is for the compiler',
  ]),
  ...[
    'condition | !(#claims in principal) || principal.#text === undefined => false',
    'logic | !(#claims in principal) || principal.#text === undefined => (!(#claims in principal)) && (principal.#text === undefined)',
    "default | this.#packed ?? '' => this.#packed",
    "literal | '' => 'fault'",
  ].map((fault) => [
    `packages/midtier/src/protect/claimed.ts | ${fault}`,
    'what is packed is made from a text, once, and is read from what was packed; the questions are for the compiler',
  ]),
  [
    'packages/midtier/src/protect/verified-tokens.ts | literal | false => true',
    'a memory that keeps nothing has nothing to find, asked or not',
  ],
  [
    'packages/midtier/src/grants/token-endpoint/form.ts | condition | value.length > longestEncoded => false',
    'a long value that is remembered is encoded to the same text',
  ],
  ...["literal | 'ordinary' => ''", "literal | 'ordinary' => '' (2)"].map((fault) => [
    `packages/midtier/src/acquire/sources/cached-tokens.ts | ${fault}`,
    'whatever is not all of them is the ordinary ones',
  ]),
  ...["literal | '' => 'fault'", "literal | '' => 'fault' (2)"].map((fault) => [
    `packages/midtier/src/doctor/versions.ts | ${fault}`,
    'the pattern fits every range and has both parts; the default is for the compiler',
  ]),
  [
    'packages/midtier/src/grants/token-endpoint/form.ts | boundary | encoded.size >= maxEncoded => (encoded.size) > (maxEncoded)',
    'values that are forgotten one later are encoded once more',
  ],
  [
    "packages/midtier/src/grants/token-endpoint/discover-token-endpoint.ts | default | cause?.message ?? 'The metadata of the issuer could not be read' => cause?.message",
    'nobody is refused before something has failed; the default is for the compiler',
  ],
  [
    'packages/midtier/src/kernel/crypto/base64url.ts | literal | 0 => 0 + 1 (3)',
    'a bit that stood in front of the first character has left the byte before any byte is written',
  ],
  ...[2, 3].map((number) => [
    `packages/midtier/src/kernel/crypto/base64url.ts | literal | 255 => 255 + 1 (${number})`,
    'the table has all 256 places, so there is no absent one; the default is for the compiler',
  ]),
  [
    'packages/midtier/src/kernel/crypto/random.ts | literal | 128 => 128 + 1',
    'how many numbers are drawn at once is nobody’s to notice',
  ],
  [
    'packages/midtier/src/kernel/crypto/random.ts | condition | next === drawn.length => true',
    'a number that is drawn by itself is as random; the question saves its time',
  ],
  [
    'packages/midtier/src/kernel/http/platform-fetch.node.ts | condition | seen?.fetch !== fetch || seen.dispatchers[0] !== first || seen.dispatchers[1] !== second => true',
    'what is described anew is described alike; the question saves its time',
  ],
  [
    'packages/midtier/src/kernel/log/failure-log.ts | boundary | differenceMs > 0 => (differenceMs) >= (0)',
    'clocks that do not differ are not told of',
  ],
  [
    'packages/midtier/src/kernel/time/time-limit.ts | literal | 0 => 0 + 1',
    'a timer of no time has a millisecond: timers of HTML and of Node alike',
  ],
  [
    'packages/midtier/src/authority/signing-keys.ts | condition | cause === undefined => false',
    'there is a pause as long as there is a latest failure: both are set and cleared together; the question is for the compiler',
  ],
  [
    "packages/midtier/src/kernel/crypto/crypto.node.ts | condition | decoded.includes('\\ufffd') => true",
    'every text is decoded by the strict way then, to the same; the question saves its time',
  ],
  [
    "packages/midtier/src/authority/signing-keys.ts | literal | 'helpful' => ''",
    'the two needs are told apart by the other one’s name; the compiler knows both',
  ],
  [
    "packages/midtier/src/authority/tenant.ts | literal | '' => 'fault'",
    'neither is a GUID, a domain or an alias: what is no text is refused as what is no tenant',
  ],
])
