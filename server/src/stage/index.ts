export { openStage } from './openStage.js'
export type { LiveStage, OpenStageOptions } from './openStage.js'
export type { Network } from './network.js'
export type { StageStatus } from './stage.js'
