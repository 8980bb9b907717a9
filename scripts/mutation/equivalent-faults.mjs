// Faults that change nothing that anybody could notice, one by one, each with its reason.

/** @type {ReadonlyMap<string, string>} By the name of the fault, as `npm run mutate` prints it. */
export const equivalentFaults = new Map([
  [
    'packages/midtier/src/kernel/base64url.ts | default | sextets[code & 0xff] ?? 255 => sextets[code & 0xff]',
    'the table has all 256 places, so there is no absent one; the default is for the compiler',
  ],
  [
    'packages/midtier/src/kernel/base64url.ts | default | sextets[text.charCodeAt(text.length - 1) & 0xff] ?? 255 => sextets[text.charCodeAt(text.length - 1) & 0xff]',
    'as above',
  ],
  [
    'packages/midtier/src/kernel/http.ts | condition | request.body === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request.ts | condition | cache === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request.ts | condition | integrity === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request.ts | condition | keepalive === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
  [
    'packages/midtier/src/call/request.ts | condition | priority === undefined => false',
    'to fetch a member that is undefined is an absent one (WebIDL, dictionaries)',
  ],
])
