export { openStage } from './openStage.js'
export type { LiveStage, OpenStageOptions, StreamKey } from './openStage.js'
export type { Network } from './network.js'
export type { StageStatus } from './stage.js'
