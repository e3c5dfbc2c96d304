/** Logging: text in development, JSON elsewhere, one line for each record on standard error. */

import { AsyncLocalStorage } from "node:async_hooks";
import { type DestinationStream, destination, type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { Settings } from "#/core/config.ts";

/** The id of the request that is being answered; every line of the log has it. */
export const requestId = new AsyncLocalStorage<string>();

const LEVELS = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error" };

export function createLogger(settings: Settings, stream?: DestinationStream): Logger {
  const options = {
    level: LEVELS[settings.LOG_LEVEL],
    base: null,
    mixin: () => ({ request_id: requestId.getStore() }),
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
  };
  if (settings.jsonLogs) {
    return pino(options, stream ?? destination(2));
  }
  return pino(
    options,
    pretty({
      colorize: process.stderr.isTTY,
      destination: stream ?? 2,
      singleLine: true,
      sync: true,
      translateTime: "SYS:HH:MM:ss.l",
    }),
  );
}
