// Serves the page: static files, unmodified MSAL, and its configuration, under a policy that lets nothing else run.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type RequestHandler } from 'express'
import { readClientConfiguration } from '../configuration.ts'
import { listen } from '../web-server/listen.ts'
import { notFound, renderProblems } from '../web-server/problem.ts'
import { buildContentSecurityPolicy } from './content-security-policy.ts'
import { buildPageConfiguration } from './page-configuration.ts'
import { whatIf } from './what-if.ts'

const configuration = readClientConfiguration()
// Compiled to dist/client/: what is written by hand lies two levels up, what is compiled beside this file.
const writtenFiles = fileURLToPath(new URL('../../client/static/', import.meta.url))
const compiledModules = fileURLToPath(new URL('./page/', import.meta.url))
const msalLibrary = dirname(createRequire(import.meta.url).resolve('@azure/msal-browser'))

const policy = buildContentSecurityPolicy(configuration)
const secured: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
  })
  next()
}

const app = express()
app.disable('x-powered-by')
app.use(secured)
app.get('/health', (_req, res) => void res.json({ status: 'ready' }))
app.get('/config.json', (_req, res) => void res.json(buildPageConfiguration(configuration)))
if (configuration.emulatorUrl !== undefined) app.use(whatIf(configuration.emulatorUrl))
app.get('/lib/msal-browser.min.js', (_req, res) => res.sendFile(join(msalLibrary, 'msal-browser.min.js')))
app.get('/lib/msal-redirect-bridge.min.js', (_req, res) =>
  res.sendFile(join(msalLibrary, 'redirect-bridge', 'msal-redirect-bridge.min.js')),
)
app.use('/page', express.static(compiledModules))
app.use(express.static(writtenFiles))
app.use(notFound, renderProblems)

listen(app, { name: 'Web page', port: configuration.port })
