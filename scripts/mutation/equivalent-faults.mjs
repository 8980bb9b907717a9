// Faults that change nothing that anybody could notice, one by one, each with its reason. What does not compile is no fault of these: the
// compiler notices it.

/** @type {readonly (readonly [reason: string, ...faults: readonly string[]])[]} Faults by their names, as `npm run mutate` prints them. */
const byReason = [
  [
    'a second lock: nothing that the question before it lets through leaves the base; were it let through, this would stop it',
    "packages/midtier/src/call/request/request-url.ts | condition | url.origin !== base.origin || !url.pathname.startsWith(base.pathname) || url.username !== '' || url.password !== '' => false",
  ],
  [
    'what is empty has nobody to find; the question saves the key of every request',
    'packages/midtier/src/acquire/sources/gates.ts | condition | this.#callers.size === 0 => false',
  ],
  [
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
    'packages/midtier/src/kernel/http/http.ts | condition | request.body === undefined => false',
    'packages/midtier/src/call/request/request.ts | condition | cache === undefined => false',
    'packages/midtier/src/call/request/request.ts | condition | integrity === undefined => false',
    'packages/midtier/src/call/request/request.ts | condition | keepalive === undefined => false',
    'packages/midtier/src/call/request/request.ts | condition | priority === undefined => false',
  ],
  [
    'an integer without bytes has no sign bit: 1 has none, as 0 has none',
    'packages/emulator/src/x509/der.ts | literal | 0 => 0 + 1 (4)',
  ],
  [
    'sixteen random bytes have a first one; the default is for the compiler',
    'packages/emulator/src/x509/certificate.ts | literal | 0 => 0 + 1 (4)',
  ],
  [
    'a failure that says nothing of waiting is waited for a second at least, so that no second and one are the same',
    'packages/midtier/src/grants/token-endpoint/discover-token-endpoint.ts | literal | 0 => 0 + 1 (3)',
    'packages/midtier/src/grants/token-endpoint/discover-token-endpoint.ts | literal | 0 => 0 + 1 (4)',
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (5)',
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (6)',
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (7)',
    'packages/midtier/src/authority/metadata.ts | literal | 0 => 0 + 1 (2)',
    'packages/midtier/src/authority/metadata.ts | literal | 0 => 0 + 1 (3)',
  ],
  [
    'the slot only leads sooner to the entry that would be found anyway',
    'packages/midtier/src/token-cache/memory-store.ts | condition | found?.store === this && found.value !== undefined => false',
  ],
  [
    'what is remembered is written anew, and is the same',
    'packages/midtier/src/grants/claims-request.ts | condition | before !== undefined => false',
  ],
  [
    'what is not remembered is written anew, and is the same',
    'packages/midtier/src/grants/claims-request.ts | statement | written.set(capabilities, text) => ',
  ],
  [
    'an INTEGER without bytes is none before that: it counts to less than one',
    'packages/midtier/src/client-auth/certificate/der.ts | literal | 0 => 0 + 1 (4)',
  ],
  [
    'an answer that is due already is waited for a millisecond or two: neither is time enough for one',
    'packages/midtier/src/client-auth/managed-identity/managed-identity-token.ts | literal | 1 => 1 + 1 (3)',
  ],
  [
    'begins the message of an error that is let go of on the same line',
    "packages/midtier/src/acquire/shared/shared-store.ts | literal | 'subscribe' => '' (2)",
  ],
  [
    'the first dispatcher that is not ordinary is looked for: one that is not there would be found, and is undefined either way',
    'packages/midtier/src/kernel/http/platform-fetch.node.ts | condition | dispatcher === undefined => false',
  ],
  [
    'whatever text has no rank gives way: this one is as good as any',
    "packages/midtier/src/testing/store-rank-cases.ts | literal | 'plain' => ''",
    "packages/midtier/src/testing/store-rank-cases.ts | literal | 'plain' => '' (2)",
  ],
  [
    'waiting for what is no promise takes a turn of the event loop and changes nothing',
    'packages/midtier/src/acquire/sources/with-cache.ts | condition | kept !== undefined => true',
  ],
  [
    'work without a caller in a storage that nobody uses yet is work without a caller; it only costs the storage',
    'packages/midtier/src/adapters/context.ts | condition | shared[storageKey] === undefined => false',
  ],
  [
    'a header that is not kept is parsed again, to the same',
    'packages/midtier/src/jwt/compact.ts | boundary | segment.length > longestKeptHeader => (segment.length) >= (longestKeptHeader)',
  ],
  [
    'headers that are forgotten one later are parsed once less',
    'packages/midtier/src/jwt/compact.ts | boundary | headers.size >= maxHeaders => (headers.size) > (maxHeaders)',
  ],
  [
    'a text of that length is judged alike by both ways of parsing; which is taken is a matter of time',
    'packages/midtier/src/jwt/strict-json.ts | literal | 8_192 => 8_192 + 1',
  ],
  [
    'a bound of names, which are swept when it is reached: a greater one is swept later',
    'packages/midtier/src/acquire/shared/invalidations.ts | literal | 2.5 => 2.5 + 1',
  ],
  [
    'one more of many who ask at the same time',
    'packages/midtier/src/testing/store-conformance.ts | literal | 10 => 10 + 1',
  ],
  [
    'there is one timer at a time, so that none of a connection that was given up is left',
    'packages/midtier/src/stores/keep-subscribed.ts | condition | connection !== watched => false (2)',
  ],
  [
    'between the slashes of a URL and its path stands a host, of one character at least',
    'packages/midtier/src/adapters/shared/plain-answer.ts | literal | 3 => 3 + 1',
  ],
  [
    'an option that is undefined is one that is absent',
    'packages/midtier/src/bin/read-options.ts | condition | audience === undefined => false',
  ],
  [
    'a number of that size is judged alike by both ways of parsing; which is taken is a matter of time',
    'packages/midtier/src/jwt/strict-json.ts | literal | 1e12 => 1e12 + 1',
  ],
  [
    'the first of a list has no other one before it',
    'packages/emulator/src/directory/policy-schema.ts | boundary | twice < 0 => (twice) <= (0)',
  ],
  [
    'the route has the parameter; the default is for the compiler',
    "packages/emulator/src/http/exchange.ts | literal | '' => 'fault'",
  ],
  [
    'the upper four bits of a number that is spread tell tokens apart nearly as well as the upper five: a guess, and it costs a check',
    'packages/midtier/src/protect/doorkeeper.ts | literal | 27 => 27 + 1',
  ],
  [
    'a message that matches has both, and one that does not has neither',
    'packages/midtier/src/acquire/shared/fresh-messages.ts | logic | from === undefined || text === undefined => (from === undefined) && (text === undefined)',
  ],
  [
    'a count of changes is compared with what it was, and with nothing else',
    'packages/midtier/src/client-auth/first-of.ts | literal | 1 => 1 + 1',
  ],
  [
    'the keys of one document, joined with none, are its own',
    'packages/midtier/src/authority/joined-signing-keys.ts | condition | others.length === 0 => false',
  ],
  [
    'the name of a breaker, which is no less another one than all that begin with partitions',
    "packages/midtier/src/acquire/shared/shared-store.ts | literal | 'messages' => ''",
  ],
  [
    'no token is as short as that: it has a header, claims and a signature',
    'packages/midtier/src/protect/doorkeeper.ts | boundary | token.length < tailLength => (token.length) <= (tailLength)',
  ],
  [
    'a table that is larger than it need be, for some capacities',
    'packages/midtier/src/protect/doorkeeper.ts | literal | 1 => 1 + 1',
  ],
  [
    'nobody is called by either: a test is given names of callers, and no others are known',
    "packages/midtier/src/testing/fake-tokens.ts | literal | '' => 'fault' (3)",
  ],
  [
    'an agent is of a tenant of the directory, which is checked when it is read; the default is for the compiler',
    "packages/emulator/src/grants/user-federated-credential.ts | literal | '' => 'fault' (3)",
  ],
  [
    'a list differs from itself in nothing; the question saves the way through it',
    'packages/emulator/src/directory/difference.ts | condition | before === after => false',
  ],
  [
    'a policy of that kind has an age, which is checked when it is read; the default is for the compiler',
    'packages/emulator/src/policies/demands.ts | literal | 0 => 0 + 1 (4)',
  ],
  [
    'a letter has a code point; the default is for the compiler',
    'packages/emulator/src/ui/form-parts.tsx | literal | 0 => 0 + 1 (4)',
  ],
  [
    'nobody has the name that stands for none, be it empty or another',
    "packages/emulator/src/endpoints/home/home-form.ts | literal | '' => 'fault'",
    "packages/emulator/src/endpoints/home/home-form.ts | literal | '' => 'fault' (2)",
    "packages/emulator/src/endpoints/home/home-form.ts | literal | '' => 'fault' (3)",
  ],
  [
    'where no authority knows agents, nobody asks for what one shows',
    "packages/midtier/src/acquire/request/agent-proofs.ts | default | audience ?? '' => audience",
    "packages/midtier/src/acquire/request/agent-proofs.ts | literal | '' => 'fault'",
  ],
  [
    'the address of the consent is written by this library, and names the client',
    "packages/midtier/src/doctor/checks/user-token.ts | default | searchParams.get('client_id') ?? '' => searchParams.get('client_id')",
    "packages/midtier/src/doctor/checks/user-token.ts | literal | '' => 'fault'",
  ],
  [
    'it is asked by this library alone, which names scopes and client in each request',
    "packages/midtier/src/testing/fake-authority.ts | literal | '' => 'fault' (2)",
    "packages/midtier/src/testing/fake-authority.ts | literal | '' => 'fault' (3)",
  ],
  [
    'a text of that length is decoded alike in scratch memory and in memory of its own',
    'packages/midtier/src/kernel/crypto/crypto.node.ts | literal | 16_384 => 16_384 + 1',
  ],
  [
    'every text is decoded by the strict way then, to the same; the question saves its time',
    "packages/midtier/src/kernel/crypto/crypto.node.ts | literal | '\\ufffd' => ''",
    "packages/midtier/src/kernel/crypto/crypto.node.ts | condition | decoded.includes('\\ufffd') => true",
  ],
  [
    'nothing else is thrown there: the line is for what nobody has thought of',
    'packages/midtier/src/kernel/json.ts | condition | error instanceof SyntaxError => true',
    'packages/midtier/src/jwt/strict-json.ts | condition | error instanceof SyntaxError => true',
  ],
  [
    'lists that are forgotten one later are shared once more',
    'packages/midtier/src/acquire/sources/from-authority.ts | literal | 256 => 256 + 1',
    'packages/midtier/src/acquire/sources/from-authority.ts | boundary | granted.size >= maxGranted => (granted.size) > (maxGranted)',
  ],
  [
    'callers beyond those that it takes are counted for nothing; the question keeps their names from being kept',
    'packages/midtier/src/acquire/sources/breaker.ts | condition | this.#told.size < this.#limits.callersToOpen => true',
  ],
  [
    'the first request is the first of all either way: what is answered is later than none',
    'packages/midtier/src/authority/signing-keys.ts | literal | 0 => 0 + 1 (2)',
  ],
  [
    'the place is there, whatever the input: the loop or the question before it sees to that; the default is for the compiler',
    'packages/midtier/src/kernel/crypto/random.ts | literal | 0 => 0 + 1 (2)',
    'packages/midtier/src/protect/doorkeeper.ts | literal | 0 => 0 + 1 (2)',
    'packages/midtier/src/protect/doorkeeper.ts | literal | 0 => 0 + 1 (3)',
    'packages/midtier/src/protect/doorkeeper.ts | literal | 0 => 0 + 1 (7)',
    "packages/midtier/src/jwt/packed-text.ts | default | twoDigits[bytes.charCodeAt(at)] ?? '' => twoDigits[bytes.charCodeAt(at)]",
    "packages/midtier/src/jwt/packed-text.ts | literal | '' => 'fault' (3)",
    "packages/midtier/src/kernel/known-options.ts | default | known[0] ?? '' => known[0]",
    "packages/midtier/src/kernel/known-options.ts | literal | '' => 'fault' (2)",
    'packages/midtier/src/kernel/known-options.ts | literal | 0 => 0 + 1 (3)',
    'packages/midtier/src/kernel/known-options.ts | literal | 0 => 0 + 1 (5)',
    'packages/midtier/src/kernel/known-options.ts | literal | 0 => 0 + 1 (6)',
    'packages/midtier/src/kernel/known-options.ts | literal | 0 => 0 + 1 (7)',
    'packages/midtier/src/client-auth/certificate/pkcs12-key.ts | literal | 0 => 0 + 1 (8)',
    'packages/midtier/src/client-auth/certificate/pkcs12-key.ts | literal | 0 => 0 + 1 (9)',
    "packages/midtier/src/adapters/shared/raw-header.ts | literal | '' => 'fault'",
    "packages/midtier/src/adapters/shared/raw-header.ts | literal | '' => 'fault' (2)",
    "packages/midtier/src/acquire/request/scopes.ts | literal | '' => 'fault'",
    "packages/midtier/src/client-auth/federated-token-file.ts | literal | '' => 'fault' (2)",
    'packages/midtier/src/call/request/request-url.ts | literal | 0 => 0 + 1 (5)',
    'packages/midtier/src/registration/write/bicep.ts | literal | 0 => 0 + 1 (4)',
    'packages/midtier/src/kernel/http/exchange.node.ts | literal | 0 => 0 + 1',
    'packages/midtier/src/kernel/http/exchange.node.ts | literal | 0 => 0 + 1 (3)',
    "packages/midtier/src/token-cache/envelope.ts | literal | '' => 'fault' (2)",
  ],
  [
    'a hundred has three digits either way of writing it',
    'packages/midtier/src/bin/format-plan.ts | boundary | value >= 100 => (value) > (100)',
  ],
  [
    'one has one digit either way of writing it',
    'packages/midtier/src/bin/format-plan.ts | boundary | value < 1 => (value) <= (1)',
  ],
  [
    'a second byte that is absent is none of a length either way; the default is for the compiler',
    'packages/midtier/src/client-auth/certificate/certificate-content.ts | literal | 0 => 0 + 1',
  ],
  [
    'what is shorter than a header ends before its content begins, whatever stands for what is absent',
    'packages/midtier/src/client-auth/certificate/der.ts | literal | 0 => 0 + 1 (7)',
    'packages/midtier/src/client-auth/certificate/der.ts | literal | 0 => 0 + 1 (8)',
  ],
  [
    'what is written beyond the end of a typed array is written nowhere',
    'packages/midtier/src/client-auth/certificate/pkcs12-key.ts | boundary | start < blocks.length => (start) <= (blocks.length)',
  ],
  [
    'nobody is handed the key who could export it: it lives in a closure, or for one call',
    'packages/midtier/src/client-auth/assertion/assertion-signer.ts | literal | false => true',
    'packages/midtier/src/client-auth/certificate/pbes2.ts | literal | false => true (2)',
    'packages/midtier/src/client-auth/certificate/pkcs12-mac.ts | literal | false => true',
  ],
  [
    'what is packed is made from a text, once, and is read from what was packed; the questions are for the compiler',
    "packages/midtier/src/protect/claimed.ts | literal | '' => 'fault'",
  ],
  [
    'a memory that keeps nothing has nothing to find, asked or not',
    'packages/midtier/src/protect/verified-tokens.ts | literal | false => true',
  ],
  [
    'a long value that is remembered is encoded to the same text',
    'packages/midtier/src/grants/token-endpoint/form.ts | condition | value.length > longestEncoded => false',
  ],
  [
    'the pattern fits every range and has both parts; the default is for the compiler',
    "packages/midtier/src/doctor/versions.ts | literal | '' => 'fault'",
    "packages/midtier/src/doctor/versions.ts | literal | '' => 'fault' (2)",
  ],
  [
    'values that are forgotten one later are encoded once more',
    'packages/midtier/src/grants/token-endpoint/form.ts | boundary | encoded.size >= maxEncoded => (encoded.size) > (maxEncoded)',
  ],
  [
    'a bit that stood in front of the first character has left the byte before any byte is written',
    'packages/midtier/src/kernel/crypto/base64url.ts | literal | 0 => 0 + 1 (3)',
  ],
  [
    'the table has all 256 places, so there is no absent one; the default is for the compiler',
    'packages/midtier/src/kernel/crypto/base64url.ts | literal | 255 => 255 + 1 (2)',
    'packages/midtier/src/kernel/crypto/base64url.ts | literal | 255 => 255 + 1 (3)',
  ],
  [
    'how many numbers are drawn at once is nobody’s to notice',
    'packages/midtier/src/kernel/crypto/random.ts | literal | 128 => 128 + 1',
  ],
  [
    'a number that is drawn by itself is as random; the question saves its time',
    'packages/midtier/src/kernel/crypto/random.ts | condition | next === drawn.length => true',
  ],
  [
    'clocks that do not differ are not told of',
    'packages/midtier/src/kernel/log/failure-log.ts | boundary | differenceMs > 0 => (differenceMs) >= (0)',
  ],
  [
    'a timer of no time has a millisecond: timers of HTML and of Node alike',
    'packages/midtier/src/kernel/time/time-limit.ts | literal | 0 => 0 + 1',
  ],
  [
    'neither is a GUID, a domain or an alias: what is no text is refused as what is no tenant',
    "packages/midtier/src/authority/tenant.ts | literal | '' => 'fault'",
  ],
]

/** @type {ReadonlyMap<string, string>} The reason of each. */
export const equivalentFaults = new Map(
  byReason.flatMap(([reason, ...faults]) => faults.map((fault) => [fault, reason])),
)
