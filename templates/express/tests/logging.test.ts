import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger, requestId } from "#/core/logging.ts";
import { testSettings } from "#/testing.ts";

function linesOf(settings: Record<string, string>): string[] {
  const lines: string[] = [];
  const logger = createLogger(testSettings(settings), { write: (line) => lines.push(line) });
  requestId.run("a-1", () => logger.info({ path: "/x" }, "request"));
  logger.debug("hidden");
  logger.error(new Error("broken"), "failed");
  return lines;
}

test("JSON has one object on each line, with the request id", () => {
  const [first, second] = linesOf({ LOG_FORMAT: "json" }).map((line) => JSON.parse(line));

  assert.equal(first.level, "info");
  assert.equal(first.path, "/x");
  assert.equal(first.request_id, "a-1");
  assert.match(first.time, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.equal(second.request_id, undefined);
  assert.match(second.err.stack, /broken/);
});
