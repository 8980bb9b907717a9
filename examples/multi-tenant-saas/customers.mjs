// @ts-check
// Which tenants are customers, and what they keep here. In memory, where yours has tables: every row has its tenant.

/** @type {Map<string, string[]>} */
const notesOf = new Map()

/** @param {string} tenantId */
export async function isCustomer(tenantId) {
  return notesOf.has(tenantId)
}

/** @param {string} tenantId */
export async function addCustomer(tenantId) {
  if (!notesOf.has(tenantId)) notesOf.set(tenantId, [])
}

/** @param {string} tenantId */
export async function listNotes(tenantId) {
  return notesOf.get(tenantId) ?? []
}

/** @param {string} tenantId @param {string} text */
export async function addNote(tenantId, text) {
  notesOf.set(tenantId, [...(await listNotes(tenantId)), text])
}
