import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'

/** The SluiceError that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<SluiceError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  return expect.fail('it did not reject')
}
