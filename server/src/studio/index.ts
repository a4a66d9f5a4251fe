export { openStudio } from './openStudio.js'
export type { OpenStudioOptions, Studio } from './openStudio.js'
