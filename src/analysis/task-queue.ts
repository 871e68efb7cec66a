/** The task queue of all analyses: an address that clients, workers and the local host agree on. */

export const taskQueue = 'data-processing-assistant';
