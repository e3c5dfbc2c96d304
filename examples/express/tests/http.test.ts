import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { useApp } from "#/testing.ts";

const app = useApp({ MAX_BODY_BYTES: "2000", CORS_ORIGINS: "https://app.example.com" });
const route = "/api/v1/auth/login";

async function post(body: string, type = "application/json") {
  return app.request("POST", route, { body, headers: { "Content-Type": type } });
}

/** Send the lines of a request as they are, and read until the server closes the connection. */
function ask(...lines: string[]): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(app.base);
    const socket = connect(Number(port), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => resolve(text));
    const [first, ...more] = lines;
    socket.write([first, "Connection: close", ...more, "\r\n"].join("\r\n"));
  });
}

describe("errors", () => {
  test("an unknown path is a problem", async () => {
    const answer = await app.get("/no/such");

    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get("content-type"), "application/problem+json; charset=utf-8");
    assert.equal(answer.body.title, "Not Found");
  });

  test("a method that does not exist is 405 with those that do", async () => {
    const answer = await app.request("DELETE", "/health/live");

    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get("allow"), "HEAD, GET");
  });

  test("an error of ours is 500, and tells only its id", async (t) => {
    const { orm } = app.services;
    t.mock.method(orm.em, "fork", () => {
      throw new Error("a detail");
    });
    const answer = await app.get("/health/live", { headers: { "X-Request-ID": "a-1" } });

    assert.equal(answer.status, 500);
    assert.deepEqual(answer.body, {
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      request_id: "a-1",
    });
  });

  test("a database that is away is 503", async (t) => {
    const lost = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const fork = app.services.orm.em.fork.bind(app.services.orm.em);
    t.mock.method(app.services.orm.em, "fork", () => {
      const em = fork();
      t.mock.method(em, "execute", () => Promise.reject(lost));
      return em;
    });
    const answer = await app.get("/health/ready");

    assert.equal(answer.status, 503);
    assert.deepEqual(answer.body, { status: "unavailable", checks: { database: "unavailable" } });
  });
});

describe("bodies", () => {
  test("unreadable JSON is 400", async () => {
    for (const body of ["", "{", "NaN", '{"a": 01}', "{'a': 1}"]) {
      const answer = await post(body);
      assert.equal(answer.status, 400, body);
      assert.equal(answer.body.type, "urn:problem:malformed-json");
    }
  });

  test("a body of another type is 415", async () => {
    assert.equal((await post("a=1", "application/x-www-form-urlencoded")).status, 415);
    assert.equal((await post("{}", "text/plain")).status, 415);
  });

  test("a body that is too large is 413", async () => {
    assert.equal((await post(`{"x": "${"x".repeat(2000)}"}`)).status, 413);
  });

  test("a body that does not end is 413 as soon as it is too large", async () => {
    const headers = ["Host: localhost", "Content-Type: application/json"];
    const chunk = ["Transfer-Encoding: chunked", "", "bb8", "x".repeat(3000)];

    const answer = await ask(`POST ${route} HTTP/1.1`, ...headers, ...chunk);
    assert.match(answer, /^HTTP\/1.1 413 /);
  });

  test("JSON that is no object is 422", async () => {
    const answer = await post("[]");

    assert.equal(answer.status, 422);
    assert.equal(answer.body.errors[0].pointer, "#");
  });
});

describe("headers", () => {
  test("a sane request id comes back, and another one is replaced", async () => {
    const ask = async (id: string) =>
      (await app.get("/health/live", { headers: { "X-Request-ID": id } })).headers.get(
        "x-request-id",
      );

    assert.equal(await ask("abc-1"), "abc-1");
    assert.match((await ask("a b")) ?? "", /^[\da-f]{32}$/);
  });

  test("every answer has security headers", async () => {
    for (const path of ["/health/live", "/no/such"]) {
      const { headers } = await app.get(path);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("x-frame-options"), "DENY");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.equal(
        headers.get("content-security-policy"),
        "default-src 'none';frame-ancestors 'none'",
      );
      assert.equal(headers.get("strict-transport-security"), null);
      assert.equal(headers.get("x-powered-by"), null);
    }
  });

  test("a named origin may read, and no other", async () => {
    const allowed = async (origin: string) =>
      (await app.get("/health/live", { headers: { Origin: origin } })).headers.get(
        "access-control-allow-origin",
      );

    assert.equal(await allowed("https://app.example.com"), "https://app.example.com");
    assert.equal(await allowed("https://evil.example.net"), null);
  });

  test("another host is refused, but for health checks", async () => {
    const host = "Host: evil.example.net";

    assert.match(await ask("GET / HTTP/1.1", host), /^HTTP\/1.1 400 /);
    assert.match(await ask("GET /health/live HTTP/1.1", host), /^HTTP\/1.1 200 /);
  });
});

describe("operations", () => {
  test("the service lives and is ready", async () => {
    assert.deepEqual((await app.get("/health/live")).body, { status: "ok" });
    assert.deepEqual((await app.get("/health/ready")).body, {
      status: "ok",
      checks: { database: "ok" },
    });
  });

  test("the index links to everything", async () => {
    const { body } = await app.get("/");

    assert.deepEqual(Object.keys(body).sort(), ["api", "docs", "health", "openapi"]);
    assert.equal((await app.get(body.docs)).status, 200);
    assert.equal((await app.get("/docs/start.js")).status, 200);
    assert.equal((await app.get("/docs/swagger-ui.css")).status, 200);
  });
});
