// Every fault that the generator knows for a source: conditions, boundaries, operators, results, statements, calls and literals.
import ts from 'typescript'

/**
 * A fault: while its switch is on, `replacement` stands in place of the text from `start` to `end`.
 *
 * @typedef {{ readonly name: string, readonly file: string, readonly line: number, readonly operator: string, readonly start: number, readonly end: number, readonly replacement: string, readonly isStatement: boolean }} Fault
 */

const kinds = ts.SyntaxKind

/** What stands in place of an operator. */
const otherOperators = new Map([
  [kinds.LessThanToken, ['boundary', '<=']],
  [kinds.LessThanEqualsToken, ['boundary', '<']],
  [kinds.GreaterThanToken, ['boundary', '>=']],
  [kinds.GreaterThanEqualsToken, ['boundary', '>']],
  [kinds.EqualsEqualsEqualsToken, ['equality', '!==']],
  [kinds.ExclamationEqualsEqualsToken, ['equality', '===']],
  [kinds.AmpersandAmpersandToken, ['logic', '||']],
  [kinds.BarBarToken, ['logic', '&&']],
  [kinds.PlusToken, ['arithmetic', '-']],
  [kinds.MinusToken, ['arithmetic', '+']],
  [kinds.AsteriskToken, ['arithmetic', '/']],
  [kinds.SlashToken, ['arithmetic', '*']],
])

/** Calls whose value is much like the value that they are made of. */
const droppedCalls = new Set(
  'toLowerCase toUpperCase trim trimEnd slice subarray filter sort toSorted reverse toReversed concat replace replaceAll'.split(
    ' ',
  ),
)

/** Every fault of a source, in the order of its text; the names are the same until that place changes. */
export function findFaults(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true)
  const faults = []
  const seen = new Map()
  const add = (operator, node, replacement, isStatement = false) => {
    const [start, end] = [node.getStart(), node.end]
    const original = oneLine(text.slice(start, end))
    const base = `${file} | ${operator} | ${original} => ${oneLine(replacement)}`
    const count = (seen.get(base) ?? 0) + 1
    seen.set(base, count)
    const line = source.getLineAndCharacterOfPosition(start).line + 1
    const name = count === 1 ? base : `${base} (${count})`
    faults.push({ name, file, line, operator, start, end, replacement, isStatement })
  }
  visit(source)
  return faults

  function visit(node) {
    if (isOnlyForTypes(node)) return
    expressionFaults(node)
    statementFaults(node)
    ts.forEachChild(node, visit)
  }

  function statementFaults(node) {
    const test = conditionOf(node)
    if (test !== undefined && !isLiteral(test)) {
      add('condition', test, 'true')
      add('condition', test, 'false')
    }
    if (ts.isReturnStatement(node) && isWorthDropping(node.expression))
      add('result', node.expression, 'undefined')
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && isWorthDropping(node.body))
      add('result', node.body, 'undefined')
    if (ts.isThrowStatement(node)) add('statement', node, '', true)
    if (ts.isExpressionStatement(node) && isEffect(node.expression)) add('statement', node, '', true)
  }

  function expressionFaults(node) {
    if (ts.isBinaryExpression(node)) binaryFaults(node)
    if (ts.isPrefixUnaryExpression(node) && node.operator === kinds.ExclamationToken)
      add('negation', node, node.operand.getText())
    if (ts.isCallExpression(node)) callFaults(node)
    if (ts.isTemplateExpression(node)) templateFaults(node)
    if (isSwitchable(node)) literalFaults(node)
  }

  function binaryFaults(node) {
    const { left, operatorToken, right } = node
    const other = otherOperators.get(operatorToken.kind)
    if (operatorToken.kind === kinds.QuestionQuestionToken) add('default', node, left.getText())
    else if (other !== undefined && !isProse(left) && !isProse(right))
      add(other[0], node, `${group(left)} ${other[1]} ${group(right)}`)
  }

  function callFaults(node) {
    const { expression: callee, parent } = node
    if (!ts.isPropertyAccessExpression(callee) || !droppedCalls.has(callee.name.text)) return
    // A switch amid `a?.b().c` would cut the chain in two.
    if (
      ts.isOptionalChain(node) &&
      parent.expression === node &&
      (ts.isAccessExpression(parent) || ts.isCallExpression(parent))
    )
      return
    add('call', node, callee.expression.getText())
  }

  /** Two parts of a text change places: `${oid}.${tid}`. */
  function templateFaults({ head, templateSpans, parent }) {
    if (ts.isTaggedTemplateExpression(parent) || /\s/.test(head.text)) return
    templateSpans.slice(1).forEach((span, index) => {
      const before = templateSpans[index]
      if (/\s/.test(before.literal.text) || span.expression.getText() === before.expression.getText()) return
      add('order', span.expression, before.expression.getText())
    })
  }

  function literalFaults(node) {
    if (node.kind === kinds.TrueKeyword) add('literal', node, 'false')
    if (node.kind === kinds.FalseKeyword) add('literal', node, 'true')
    if (ts.isNumericLiteral(node)) add('literal', node, `${node.getText()} + 1`)
    // Sentences are for people, who are no less helped by other words.
    if (ts.isStringLiteral(node) && !isProse(node)) add('literal', node, node.text === '' ? `'fault'` : `''`)
  }
}

/** The condition that a statement or an expression is decided by. */
function conditionOf(node) {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression
  if (ts.isConditionalExpression(node) || ts.isForStatement(node)) return node.condition
  return undefined
}

function isOnlyForTypes(node) {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isModuleDeclaration(node) || // `declare module 'fastify'`: members for the types of another package
    ts.isJsxAttribute(node)
  )
}

/** A literal that is a value: no name of a member, no word that TypeScript alone reads. */
function isSwitchable(node) {
  const { parent } = node
  if (parent === undefined || (ts.isExpressionStatement(parent) && ts.isStringLiteral(node))) return false
  if (ts.isCallExpression(parent) && parent.expression.kind === kinds.ImportKeyword) return false
  if ((ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === node)
    return false
  return !ts.isBindingElement(parent) || parent.propertyName !== node
}

function isLiteral(node) {
  return node.kind === kinds.TrueKeyword || node.kind === kinds.FalseKeyword
}

/** Literals have faults of their own, and nothing is nothing already. */
function isWorthDropping(node) {
  return (
    node !== undefined &&
    !isLiteral(node) &&
    !['undefined', '<></>'].includes(node.getText()) && // nothing is drawn of either
    !ts.isVoidExpression(node)
  )
}

function isEffect(expression) {
  const effect =
    ts.isAwaitExpression(expression) || ts.isVoidExpression(expression) ? expression.expression : expression
  if (ts.isCallExpression(effect)) return effect.expression.kind !== kinds.SuperKeyword
  if (ts.isBinaryExpression(effect))
    return (
      effect.operatorToken.kind >= kinds.FirstAssignment && effect.operatorToken.kind <= kinds.LastAssignment
    )
  return (
    ts.isDeleteExpression(effect) || ts.isPostfixUnaryExpression(effect) || ts.isPrefixUnaryExpression(effect)
  )
}

function isProse(node) {
  return (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) && /\s/.test(node.getText())
}

function group(node) {
  return `(${node.getText()})`
}

function oneLine(text) {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 117)}...` : line
}
