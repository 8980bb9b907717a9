import { runExamples } from './examples.ts'

runExamples()
