import { defineConfig, globalIgnores } from 'eslint/config'
import typescript from 'typescript-eslint'

/**
 * Where the outside world comes in: clocks, timers, randomness and files may be touched here and nowhere else in the
 * packages. What decides is given them as parameters, so that a simulator with a virtual clock runs the same code.
 */
const edges = [
  'app/src/edge/**',
  'sdk/src/edge/**',
  'sdk/src/node/**',
  'sdk/src/transport/**',
  'server/src/cli/**',
  'server/src/edge/**',
]

/** Files are what a durable store is made of; its clock and timers are parameters all the same. */
const fileEdges = [...edges, 'server/src/store/**']

const packages = ['sdk/src/**/*.ts', 'server/src/**/*.ts', 'app/src/**/*.{ts,tsx}']
const typescripts = [
  ...packages,
  'app/*.ts',
  'test/**/*.ts',
  'scripts/**/*.ts',
  'ignition/**/*.ts',
  'hardhat*.config.ts',
]

const banned = {
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: a name can be searched for.',
  },
  enumeration: { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  castToNever: {
    selector: 'TSAsExpression > TSNeverKeyword',
    message: 'Fix the type instead of silencing it.',
  },
  now: {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Time is a parameter.',
  },
}

const clocksAndTimers = ['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
  name,
  message: 'Timers are a parameter.',
}))

const timeAndRandomness = [
  { object: 'Date', property: 'now', message: 'Time is a parameter.' },
  { object: 'performance', property: 'now', message: 'Time is a parameter.' },
  { object: 'Math', property: 'random', message: 'Randomness is a parameter.' },
  ...['globalThis', 'window', 'self'].flatMap((object) =>
    clocksAndTimers.map(({ name, message }) => ({ object, property: name, message })),
  ),
]

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/dist/',
    '.toolchain/',
    'artifacts/',
    'bench/',
    'cache/',
    'coverage/',
    'test/readme/generated/',
    'types/',
  ]),
  // The rules hold everywhere or are changed here, in view of everyone.
  { linterOptions: { noInlineConfig: true } },
  {
    files: typescripts,
    extends: [typescript.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['sdk/tsconfig.json', 'server/tsconfig.json', 'app/tsconfig.json', 'tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // A union of shapes is a type; an interface would only add declaration merging.
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `declare namespace settle { type Parameters }` keeps types beside their function and emits nothing.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      // Walking up from an error to its causes starts at the error itself.
      '@typescript-eslint/no-this-alias': ['error', { allowedNames: ['error'] }],
      // What implements an asynchronous interface is asynchronous, so that it rejects instead of throwing.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', banned.defaultExport, banned.enumeration, banned.castToNever],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: packages,
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: packages,
    ignores: edges,
    rules: {
      'no-restricted-globals': ['error', ...clocksAndTimers],
      'no-restricted-properties': ['error', ...timeAndRandomness],
      'no-restricted-syntax': ['error', ...Object.values(banned)],
    },
  },
  {
    files: packages,
    ignores: fileEdges,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['fs', 'fs/promises', 'timers', 'timers/promises'].flatMap((name) =>
            [name, `node:${name}`].map((module) => ({ name: module, message: 'I/O belongs to the edges.' })),
          ),
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai: expect(value).to.be.true
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  { files: ['server/src/cli/**'], rules: { 'no-console': 'off' } },
  // Frameworks find these by their default export.
  {
    files: ['hardhat*.config.ts', 'ignition/modules/*.ts', 'app/*.ts', 'test/support/endRun.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['scripts/**/*.mjs', '*.js', '*.cjs', 'test/**/*.mjs'],
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
)
