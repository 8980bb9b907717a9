// Type-aware linting: in security code the floating promise and the non-exhaustive switch are the point.
import js from '@eslint/js'
import tseslint from 'typescript-eslint'

const platformFree = ['packages/midtier/src/**/*.ts']

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/build/**',
      '**/node_modules/**',
      'coverage/**',
      'artifacts/**',
      '.midtier/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'packages/*/tsconfig.test.json',
          'examples/*/tsconfig.lint.json',
          'examples/nest/tsconfig.json',
          'tsconfig.root.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/dot-notation': 'off', // the compiler's noPropertyAccessFromIndexSignature wants brackets
      'no-console': 'error',
    },
  },
  {
    // Everything outside is handed in: no clock, environment, timer or platform module below the entry point.
    files: platformFree,
    ignores: [
      'packages/midtier/src/**/*.node.ts',
      'packages/midtier/src/adapters/**',
      'packages/midtier/src/sdk/**',
      'packages/midtier/src/stores/**',
      'packages/midtier/src/bin/**',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*'], message: 'node: modules only in *.node.ts, adapters, sdk, stores and bins' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'require', '__dirname'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'take the Clock that was handed in' },
        { object: 'Math', property: 'random', message: 'take crypto.getRandomValues' },
      ],
    },
  },
  {
    // What is longer is two ideas.
    files: ['packages/*/src/**/*.ts', 'packages/*/src/**/*.tsx'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A class knows only the objects of its own copy of the package, and two copies in one process are ordinary.
    files: ['packages/midtier/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "BinaryExpression[operator='instanceof'][right.name=/^(Midtier|Configuration|Bearer|TokenRequest|InteractionRequired|Acquisition|AuthorityUnavailable|TokenStore|Downstream)Error$|^Caller$/]",
          message:
            'ask isMidtierError or hasCode of kernel/errors/known-errors.ts, or hasMark of kernel/errors/marks.ts',
        },
      ],
    },
  },
  {
    files: ['**/test/**/*.ts', '**/test/**/*.tsx', '**/*.config.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off', // a fake that answers at once
    },
  },
  {
    // Nest's modules are decorated classes, and it takes its options as plain objects.
    files: ['examples/nest/*.ts'],
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['**/bin/**/*.ts', 'examples/**/*.ts', 'scripts/**', 'benchmarks/**', '**/*.mjs'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        module: 'writable',
        structuredClone: 'readonly',
        AbortSignal: 'readonly',
        setImmediate: 'readonly',
        queueMicrotask: 'readonly',
        globalThis: 'readonly',
        TextDecoderStream: 'readonly',
        TextEncoder: 'readonly',
        TextDecoder: 'readonly',
        URLSearchParams: 'readonly',
        Headers: 'readonly',
        Response: 'readonly',
        Request: 'readonly',
        crypto: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
)
