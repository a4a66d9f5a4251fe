/**
 * Who may import whom. The order of layers is the design: a file imports from its own layer and from those above it in
 * this list, never from those below.
 */
const sdkLayers = [
  ['abi', 'addresses'],
  ['types', 'errors', 'typedData', 'domains', 'contract'],
  ['crypto'],
  ['keys'],
  ['chain'],
  ['payment'],
  ['channel', 'escrow', 'tournament', 'subscription'],
  ['session'],
  ['transport', 'store'],
  ['edge', 'client'],
  ['viewer'],
  ['react', 'ethers', 'node', 'stage'],
]

/** Nothing imports these but their own files and the package's entry points. */
const leaves = ['react', 'ethers', 'node', 'stage']

const features = ['channel', 'escrow', 'tournament', 'subscription']

const anyOf = (names) => names.map((name) => `^sdk/src/${name}[./]`)

/** An entry point gathers what its users get: it may import from anywhere in its package, and nobody imports it. */
const entryPoints = '/index[.]ts$'

const layerRules = sdkLayers.slice(0, -1).map((layer, position) => ({
  name: `layer-${layer[0]}`,
  comment: `${layer.join(', ')}: a lower layer knows nothing of what is built on it.`,
  severity: 'error',
  from: { path: anyOf(layer), pathNot: entryPoints },
  to: { path: anyOf(sdkLayers.slice(position + 1).flat()) },
}))

const featureRules = features.map((feature) => ({
  name: `feature-${feature}`,
  comment: 'Features never import one another.',
  severity: 'error',
  from: { path: anyOf([feature]) },
  to: { path: anyOf(features.filter((other) => other !== feature)) },
}))

const leafRules = leaves.map((leaf) => ({
  name: `leaf-${leaf}`,
  comment: `${leaf} is a leaf: nothing imports it.`,
  severity: 'error',
  from: { path: '^sdk/src/', pathNot: anyOf([leaf]) },
  to: { path: anyOf([leaf]) },
}))

module.exports = {
  forbidden: [
    ...layerRules,
    ...featureRules,
    ...leafRules,
    {
      name: 'generated-imports-nothing',
      comment: 'ABIs and addresses are data, and know only each other.',
      severity: 'error',
      from: { path: '^(sdk/src/(abi/|addresses[.])|server/src/artifacts/)', pathNot: entryPoints },
      to: { pathNot: '^(sdk/src/abi|server/src/artifacts)/' },
    },
    {
      name: 'no-entry-point-from-inside',
      comment: 'Nobody inside a package imports its index.ts: import the file that has it.',
      severity: 'error',
      from: { path: '^(sdk|server)/src/', pathNot: entryPoints },
      to: { path: entryPoints },
    },
    {
      name: 'sdk-knows-no-server',
      comment: 'The SDK knows nothing of the server.',
      severity: 'error',
      from: { path: '^sdk/' },
      to: { path: ['^server/', '@sluice/server'] },
    },
    {
      name: 'sdk-is-for-browsers',
      comment: 'Only sdk/src/node may use what Node alone has.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: '^sdk/src/node/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'react-in-react-only',
      comment: 'Only sdk/src/react may use React and wagmi, which are optional for everyone else.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: '^sdk/src/react/' },
      to: { path: 'node_modules/(@types/)?(react|react-dom|wagmi)/' },
    },
    {
      name: 'server-uses-public-entry-points',
      comment:
        'The server uses the SDK as everyone does: @sluice/sdk, /channel, /escrow, /subscription, /tournament, /session, /abi, /ethers, /node.',
      severity: 'error',
      from: { path: '^server/' },
      to: {
        path: '^sdk/',
        pathNot: [
          'channel/',
          'escrow/',
          'subscription/',
          'tournament/',
          'session/',
          'abi/',
          'ethers/',
          'node/',
          '',
        ].map((entry) => `^sdk/dist/${entry}index[.]`),
      },
    },
    {
      name: 'app-uses-public-entry-points',
      comment: 'The pages use the SDK as everyone does, and know the server only by what it answers.',
      severity: 'error',
      from: { path: '^app/' },
      to: {
        path: '^(sdk|server)/',
        pathNot: ['channel/', 'react/', 'session/', 'stage/', 'tournament/', ''].map(
          (entry) => `^sdk/dist/${entry}index[.]`,
        ),
      },
    },
    {
      name: 'production-knows-no-workshop',
      comment: 'Production code imports nothing from test, bench, scripts or deployments.',
      severity: 'error',
      from: { path: '^(sdk|server|app)/' },
      to: { path: '^(test|bench|scripts|ignition|artifacts|cache|types)/' },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'What a package imports is in its own package.json, and not as a tool.',
      severity: 'error',
      from: { path: '^(sdk|server|app)/src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        pathNot: ['^sdk/dist/', '^native/', '/@types/'],
      },
    },
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'What is imported exists.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^sdk/dist'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default'],
    },
  },
}
