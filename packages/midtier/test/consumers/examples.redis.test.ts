import { runExamples } from './examples.ts'

runExamples('redis', () => ({ REDIS_SERVER_PATH: process.env['REDIS_SERVER_PATH'] }))
