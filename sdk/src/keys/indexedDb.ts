/**
 * Opens a database, making its stores at the first time.
 *
 * @param factory the browser's IndexedDB
 * @param name of the database
 * @param create makes the object stores
 */
export function openDatabase(
  factory: IDBFactory,
  name: string,
  create: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  const request = factory.open(name, 1)
  request.onupgradeneeded = () => {
    create(request.result)
  }
  return answer(request)
}

/** The result of a request. */
export function answer<result>(request: IDBRequest<result>): Promise<result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error('the request failed'))
    }
  })
}

/** Resolves when everything a transaction wrote is kept. */
export function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve()
    }
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('the transaction was aborted'))
    }
  })
}
