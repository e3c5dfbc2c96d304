import assert from "node:assert/strict";
import { test } from "node:test";
import { useApp } from "#/testing.ts";

const app = useApp();
const PUBLIC =
  /^\/(health|api\/v1\/auth\/(register|login|token|refresh|email|password\/(forgot|reset)))/;

interface Operation {
  operationId: string;
  summary: string;
  responses: Record<string, { headers: object; content?: object }>;
  security?: object[];
}

async function operations(): Promise<[string, Operation][]> {
  const { paths } = (await app.get("/openapi.json")).body;
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, item]) =>
    Object.values(item).map((operation): [string, Operation] => [path, operation]),
  );
}

test("each operation has a name of its own and a summary", async () => {
  const found = await operations();
  const ids = found.map(([, { operationId }]) => operationId);

  assert.equal(new Set(ids).size, ids.length);
  assert.ok(found.every(([, { summary }]) => summary));
});

test("errors are problems, and every response has the request id", async () => {
  for (const [path, { responses }] of await operations()) {
    for (const [status, { headers, content }] of Object.entries(responses)) {
      assert.ok("X-Request-ID" in headers, path);
      if (Number(status) >= 400 && path !== "/health/ready") {
        assert.ok(content && "application/problem+json" in content, `${path} ${status}`);
      }
    }
  }
});

test("a route is open to everybody only on purpose", async () => {
  const open = (await operations()).filter(([, { security }]) => !security).map(([path]) => path);

  assert.deepEqual(
    open.filter((path) => !PUBLIC.test(path)),
    [],
  );
});
