/** Health checks for load balancers. */

import { z } from "zod";
import { Routes } from "#/core/router.ts";

const Live = z
  .object({ status: z.enum(["ok"]).meta({ description: "Always ok." }) })
  .meta({ id: "Live" });

const result = z.enum(["ok", "unavailable"]);

const Ready = z
  .object({
    status: result.meta({ description: "Whether all checks are ok." }),
    checks: z.record(z.string(), result).meta({ description: "Result of each check." }),
  })
  .meta({ id: "Ready" });

export const health = new Routes("/health", "health");

health.get(
  "/live",
  {
    operationId: "live",
    summary: "Live",
    description: "The process is running. The database is not checked.",
    response: Live,
  },
  () => ({ status: "ok" as const }),
);

health.get(
  "/ready",
  {
    operationId: "ready",
    summary: "Ready",
    description: "The service reaches its database.",
    response: Ready,
    unavailable: Ready,
  },
  async ({ em, res, logger }) => {
    try {
      await em.execute("select 1");
      return { status: "ok" as const, checks: { database: "ok" as const } };
    } catch (error) {
      logger.warn(error, "not ready");
      res.status(503);
      return { status: "unavailable" as const, checks: { database: "unavailable" as const } };
    }
  },
);
