/** How long a page may take to show something on a busy machine, milliseconds. */
export const patienceMs = 90_000
