import type { ApiPart } from '../http/openapi.js'

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const json = (description: string, schema: object) => ({
  description,
  content: { 'application/json': { schema } },
})
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const text = { type: 'string' } as const
const amount = { type: 'string', pattern: '^(0|[1-9][0-9]*)$', description: 'base units' } as const
const address = { type: 'string', pattern: '^0x[0-9a-f]{40}$' } as const
const milliseconds = { type: 'integer', description: 'milliseconds since 1970' } as const
const object = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})

type Operation = {
  readonly summary: string
  readonly body?: object
  readonly answers: Readonly<Record<number, object>>
  readonly open?: boolean
}

function operation(id: string, { summary, body, answers, open = false }: Operation): object {
  return {
    operationId: id,
    summary,
    tags: ['studio'],
    ...(open ? {} : { security: [{ studio: [] }] }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...answers,
      ...(body === undefined ? {} : { 400: problem('The request is not as expected') }),
      ...(open ? {} : { 401: problem('Not signed in') }),
      429: problem('Too many requests'),
    },
  }
}

const done = { 204: { description: 'Done' } }
const events = (description: string) => ({ description, content: { 'text/event-stream': {} } })
const tip = object({ key: text })

/** The studio's routes, for `/openapi.json`. */
export const studioApi: ApiPart = {
  paths: {
    '/studio/api/challenge': {
      post: operation('studioChallenge', {
        summary: 'The message (EIP-4361) that the payee or its operator signs to be let in',
        body: object({ address }),
        answers: {
          200: json('To be signed within five minutes', object({ message: text, expiresAtMs: milliseconds })),
          403: problem('The address is neither the payee nor its operator'),
        },
        open: true,
      }),
    },
    '/studio/api/session': {
      post: operation('studioSignIn', {
        summary: 'Signs in',
        body: object({ message: text, signature: { type: 'string', pattern: '^0x([0-9a-fA-F]{2})+$' } }),
        answers: {
          201: json(
            'Signed in',
            object({ token: text, address, expiresAtMs: milliseconds, nowMs: milliseconds }),
          ),
          403: problem('The message or its signature is not good'),
        },
        open: true,
      }),
      delete: operation('studioSignOut', { summary: 'Signs out', answers: done }),
    },
    '/studio/api/state': {
      get: operation('studioState', {
        summary: 'Viewers, money, gas, tips and goal',
        answers: { 200: json('As it stands', ref('StudioState')) },
      }),
    },
    '/studio/api/events': {
      get: operation('studioEvents', {
        summary: 'The state now and whenever it changes, as events named state',
        answers: { 200: events('Server-sent events; data is a StudioState') },
      }),
    },
    '/studio/api/income': {
      get: {
        ...operation('studioIncome', {
          summary: 'What came in over time',
          answers: { 200: json('Steps in which something came in', ref('StudioIncome')) },
        }),
        parameters: [{ name: 'span', in: 'query', schema: { enum: ['hour', 'day', 'month'] } }],
      },
    },
    '/studio/api/stream': {
      put: operation('studioSetStream', {
        summary: 'Name, price and token, for sessions that begin from now on',
        body: object({ title: text, price: { ...text, description: 'such as 0.002/s' }, token: address }, []),
        answers: { 200: json('As it is offered now', { type: 'object' }) },
      }),
    },
    '/studio/api/key': {
      get: operation('studioKey', {
        summary: 'The stream key',
        answers: { 200: json('For OBS', object({ key: text })) },
      }),
      post: operation('studioRenewKey', {
        summary: 'Another stream key; who publishes with the old one is ended',
        answers: { 201: json('The new one', object({ key: text })) },
      }),
    },
    '/studio/api/settle': {
      post: operation('studioSettle', {
        summary: 'Brings everything that was earned to the chain',
        answers: { 200: json('What was sent, and what was not and why', ref('StudioSettled')) },
      }),
    },
    ...Object.fromEntries(
      [
        ['hide', 'Takes a tip off the overlays'],
        ['show', 'Puts a hidden tip back'],
        ['replay', 'Shows the alert of a tip again'],
      ].map(([verb = '', summary = '']) => [
        `/studio/api/tips/${verb}`,
        {
          post: operation(`studioTip${verb[0]?.toUpperCase() ?? ''}${verb.slice(1)}`, {
            summary,
            body: tip,
            answers: {
              ...done,
              404: problem('There is no such tip'),
              ...(verb === 'replay' ? { 409: problem('It is hidden') } : {}),
            },
          }),
        },
      ]),
    ),
    '/studio/api/goal': {
      put: operation('studioSetGoal', {
        summary: 'What tips are collected for, from now on',
        body: object({ title: text, target: amount }),
        answers: done,
      }),
      delete: operation('studioEndGoal', { summary: 'No goal any more', answers: done }),
    },
    '/studio/api/overlays': {
      get: operation('studioOverlays', {
        summary: 'The addresses of overlays, without their secrets',
        answers: {
          200: json(
            'All that are good',
            object({
              overlays: { type: 'array', items: ref('StudioOverlay') },
              connected: { type: 'integer' },
            }),
          ),
        },
      }),
      post: operation('studioMakeOverlay', {
        summary: 'Makes an address; its secret is told this once',
        body: object({ label: text }),
        answers: {
          201: json('Made', {
            allOf: [ref('StudioOverlay'), { type: 'object', properties: { secret: text } }],
          }),
          409: problem('There are as many as there may be'),
        },
      }),
    },
    '/studio/api/overlays/test': {
      post: operation('studioTestAlert', {
        summary: 'Shows a test alert on every overlay',
        answers: { 200: json('How many overlays were there', object({ connected: { type: 'integer' } })) },
      }),
    },
    '/studio/api/overlays/{id}': {
      delete: {
        ...operation('studioRevokeOverlay', {
          summary: 'Ends an address',
          answers: { ...done, 404: problem('There is none of this id') },
        }),
        parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
      },
    },
    '/overlay/api/events': {
      get: {
        operationId: 'overlayEvents',
        summary: 'What an overlay shows: events named board, alert and hide',
        tags: ['studio'],
        security: [{ overlay: [] }],
        responses: {
          200: events('Server-sent events'),
          401: problem('The secret is not, or no longer, good'),
          429: problem('Too many overlays, or too many wrong secrets'),
        },
      },
    },
  },
  schemas: {
    StudioTip: object({
      key: text,
      channelId: text,
      id: text,
      token: address,
      amount,
      message: text,
      atMs: milliseconds,
      hidden: { type: 'boolean' },
    }),
    StudioOverlay: object({
      id: text,
      label: text,
      createdAtMs: milliseconds,
      expiresAtMs: { type: ['integer', 'null'] },
    }),
    StudioIncome: object({
      span: { enum: ['hour', 'day', 'month'] },
      stepMs: { type: 'integer' },
      points: { type: 'array', items: object({ atMs: milliseconds, earned: amount, tipped: amount }) },
    }),
    StudioSettled: object({
      transactions: { type: 'array', items: text },
      channels: { type: 'array', items: text },
      skipped: { type: 'array', items: object({ channelId: text, reason: text, amount }) },
      refused: { type: 'array', items: object({ channelId: text, reason: text }) },
      failed: { type: 'array', items: object({ channelIds: { type: 'array', items: text }, reason: text }) },
    }),
    StudioState: object({
      stream: { type: 'object', description: 'title, price, token and who is paid' },
      live: { type: ['boolean', 'null'] },
      viewers: { type: 'integer' },
      paying: { type: 'integer' },
      money: object({ earned: amount, settled: amount, unsettled: amount, tipped: amount }),
      settling: { type: ['object', 'null'], description: 'what settling all would take: gas, and wei' },
      underWay: { type: 'integer' },
      tips: { type: 'array', items: ref('StudioTip') },
      goal: { type: ['object', 'null'] },
    }),
  },
  securitySchemes: {
    studio: { type: 'http', scheme: 'bearer', description: 'the token of POST /studio/api/session' },
    overlay: { type: 'http', scheme: 'bearer', description: 'the secret of an overlay' },
  },
}
