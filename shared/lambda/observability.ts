import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Log } from '../ports.ts';

/** One of each per process; names come from the POWERTOOLS_ variables that the stack sets. */
export const logger = new Logger();
export const metrics = new Metrics();

/** The domain's view of the logger. */
export const log: Log = {
  info: (message, fields) => logger.info(message, { ...fields }),
  warn: (message, fields) => logger.warn(message, { ...fields }),
  error: (message, fields) => logger.error(message, { ...fields }),
};
