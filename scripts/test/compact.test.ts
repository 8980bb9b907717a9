// What is published says the same in fewer bytes, a line for each statement.
import { describe, expect, it } from 'vitest'

const script = new URL('../compact.mjs', import.meta.url).href
const { compact } = (await import(script)) as { compact: (code: string) => string }

describe('compacting a bundle', () => {
  it.each([
    ['const a = 1, b = [\n\t"x",\n\t{ y: 2 }\n];\nuse(a, b);\n', 'const a=1,b=["x",{y:2}];\nuse(a,b);\n'],
    ['if (a === b) {\n\treturn c;\n}\n', 'if(a===b){\nreturn c;\n}\n'],
    ['a + +b - -c / /d e/.test( f );\n', 'a+ +b- -c/ /d e/.test(f);\n'],
    ['a < !--b;\n1 .toFixed( 2 );\n', 'a< !--b;\n1 .toFixed(2);\n'],
    ['const t = `a  b\n  ${ c + 1 }  d`;\n', 'const t=`a  b\n  ${c+1}  d`;\n'],
    ['#x in y || typeof z;\n', '#x in y||typeof z;\n'],
    [
      '//#region build/kernel/a.js\nconst m = /* @__PURE__ */ new Map();\n',
      '//#region build/kernel/a.js\nconst m= /* @__PURE__ */ new Map();\n',
    ],
    ['// build/kernel/a.js\nlet a;\n', 'let a;\n'],
    ['#!/usr/bin/env node\nimport { a as b } from "c";\n', '#!/usr/bin/env node\nimport{a as b}from"c";\n'],
  ])('%j', (code, compacted) => {
    expect(compact(code)).toBe(compacted)
  })
})
