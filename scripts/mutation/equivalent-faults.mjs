// Faults that change nothing that anybody could notice, one by one, each with its reason.

/** @type {ReadonlyMap<string, string>} By the name of the fault, as `npm run mutate` prints it. */
export const equivalentFaults = new Map([])
