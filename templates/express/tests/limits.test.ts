import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { createLimiter, networkOf } from "#/core/limits.ts";
import { PASSWORD, testSettings, useApp } from "#/testing.ts";

const app = useApp({ RATE_LIMITS: "on" });
const silent = pino({ enabled: false });

test("guessing a password is limited, and says how long to wait", async () => {
  const login = { email: "anna@example.com", password: "wrong-one-9" };
  const statuses: number[] = [];
  for (let i = 0; i < 11; i += 1) {
    statuses.push((await app.post("/api/v1/auth/login", login)).status);
  }
  const answer = await app.post("/api/v1/auth/login", login);

  assert.deepEqual(statuses, [...Array(10).fill(401), 429]);
  assert.equal(answer.body.type, "urn:problem:rate-limited");
  const wait = Number(answer.headers.get("retry-after"));
  assert.ok(wait > 0 && wait <= 60);
});

test("a stranger at one address does not lock an account out", async () => {
  const limiter = await createLimiter(testSettings({ RATE_LIMITS: "on" }), silent);
  const guess = () => limiter.hit("login", "192.0.2.1", "anna@example.com");
  for (let i = 0; i < 10; i += 1) {
    await guess();
  }

  await assert.rejects(guess());
  await limiter.hit("login", "192.0.2.2", "anna@example.com");
});

test("an account is limited from many addresses", async () => {
  const limiter = await createLimiter(testSettings({ RATE_LIMITS: "on" }), silent);
  for (let i = 0; i < 30; i += 1) {
    await limiter.hit("login", `192.0.2.${i}`, "anna@example.com");
  }

  await assert.rejects(limiter.hit("login", "192.0.2.99", "anna@example.com"));
});

test("registering is limited", async () => {
  const register = () =>
    app.post("/api/v1/auth/register", { email: "bert@example.com", password: PASSWORD });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    statuses.push((await register()).status);
  }

  assert.deepEqual(statuses, [202, 202, 202, 429]);
});

test("while the storage is away, nobody guesses", async () => {
  const settings = testSettings({
    RATE_LIMITS: "on",
    RATE_LIMIT_STORAGE: "redis://127.0.0.1:1",
  });
  const limiter = await createLimiter(settings, silent);

  await assert.rejects(limiter.hit("login", "192.0.2.1"), { status: 503 });
  limiter.close();
});

test("a network of IPv6 is one client", () => {
  assert.equal(networkOf("2001:db8:0:1::7"), networkOf("2001:db8:0:1:ffff::9"));
  assert.notEqual(networkOf("2001:db8:0:1::7"), networkOf("2001:db8:0:2::7"));
  assert.equal(networkOf("::1"), "0:0:0:0");
  assert.equal(networkOf("192.0.2.1"), "192.0.2.1");
});
