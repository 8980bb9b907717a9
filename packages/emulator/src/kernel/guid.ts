// What a GUID looks like, in either case.

export const guidForm: RegExp = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
