import { runExamples } from './examples.ts'

runExamples('redis', ['REDIS_SERVER_PATH'])
