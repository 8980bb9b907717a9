// Express 4 under a name of its own beside Express 5, whose types it shares here; what its own types make of `req.caller` is for the consumers.
declare module 'express-4' {
  export { default } from 'express'
}
