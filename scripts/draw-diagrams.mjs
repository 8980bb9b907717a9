// `npm run diagrams`: draws the diagrams of the documentation, each wide and narrow, in light and in dark, into docs/images.
import { writeFileSync } from 'node:fs'
import { diagrams, picturesOf } from './diagrams/diagrams.mjs'

for (const diagram of diagrams)
  for (const { name, svg } of picturesOf(diagram))
    writeFileSync(new URL(`../docs/images/${name}`, import.meta.url), svg)
