import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "#/auth/model.ts";
import { sign } from "#/auth/tokens.ts";
import { Client, PASSWORD, UNKNOWN, useApp } from "#/testing.ts";

const app = useApp();
const me = "/api/v1/users/me";
const refresh = (refresh_token: string) => app.post("/api/v1/auth/refresh", { refresh_token });
const withToken = (token: string) => new Client(() => app.base, token);

test("a login answers a pair of tokens", async () => {
  const { pair } = await app.person();

  assert.deepEqual(Object.keys(pair).sort(), [
    "access_token",
    "expires_in",
    "refresh_token",
    "token_type",
  ]);
});

test("a wrong password and an unknown address are the same 401", async () => {
  const { email } = await app.person();
  const answers = [
    await app.post("/api/v1/auth/login", { email, password: "wrong-one-9" }),
    await app.post("/api/v1/auth/login", { email: "nobody@example.com", password: PASSWORD }),
  ];

  for (const answer of answers) {
    assert.equal(answer.status, 401);
    assert.equal(answer.body.type, "urn:problem:invalid-credentials");
    assert.equal(answer.headers.get("www-authenticate"), "Bearer");
  }
  assert.deepEqual(answers[0]?.body, answers[1]?.body);
});

test("a form logs in, too, but only as a form", async () => {
  const { email } = await app.person();
  const form = new URLSearchParams({ grant_type: "password", username: email, password: PASSWORD });
  const answer = await app.request("POST", "/api/v1/auth/token", { body: form });

  assert.equal(answer.status, 200);
  assert.equal((await withToken(answer.body.access_token).get(me)).body.email, email);
  assert.equal((await app.post("/api/v1/auth/token", Object.fromEntries(form))).status, 415);
});

test("without a token it is 401", async () => {
  const answer = await app.get(me);

  assert.equal(answer.status, 401);
  assert.equal(answer.body.type, "urn:problem:not-authenticated");
});

test("tokens of other keys, kinds and times are 401", async () => {
  const { pair } = await app.person();
  const { SECRET_KEY: key } = app.services.settings;
  const claims = { sub: UNKNOWN };
  const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims))}.`;
  for (const token of [
    pair.refresh_token,
    unsigned,
    await sign(key, "access", -1, claims),
    await sign(key, "access", 60, claims),
    await sign(key, "access", 60, { sub: "no-uuid" }),
    await sign(key, "verify-email", 60, claims),
  ]) {
    const answer = await withToken(token).get(me);
    assert.equal(answer.status, 401);
    assert.equal(answer.body.type, "urn:problem:invalid-token");
  }
});

test("a refresh token is exchanged once, and its second use ends the session", async () => {
  const anna = await app.person();
  const first = await refresh(anna.pair.refresh_token);
  assert.equal(first.status, 200);

  const reused = await refresh(anna.pair.refresh_token);
  assert.equal(reused.status, 401);
  assert.equal(reused.body.type, "urn:problem:refresh-token-reused");
  assert.equal((await refresh(first.body.refresh_token)).status, 401);
  assert.equal((await withToken(first.body.access_token).get(me)).status, 401);
});

test("of two refreshes at once, one wins", async () => {
  const { pair } = await app.person();
  const answers = await Promise.all([refresh(pair.refresh_token), refresh(pair.refresh_token)]);

  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
});

test("what is no refresh token is 401", async () => {
  for (const token of ["", "x", "A".repeat(64), "é"]) {
    assert.equal((await refresh(token)).body.type, "urn:problem:invalid-token");
  }
});

test("an expired session is over", async () => {
  const anna = await app.person();
  const em = app.services.orm.em.fork();
  await em.nativeUpdate(Session, {}, { expires_at: new Date(0) });

  assert.equal((await anna.get(me)).status, 401);
  assert.equal((await refresh(anna.pair.refresh_token)).status, 401);
});

test("logging out ends this session only", async () => {
  const anna = await app.person();
  const other = await app.logIn(anna.email);

  assert.equal((await anna.post("/api/v1/auth/logout")).status, 204);
  assert.equal((await anna.get(me)).status, 401);
  assert.equal((await other.get(me)).status, 200);
});

test("sessions are listed, and ended one by one or all but this", async () => {
  const anna = await app.person();
  const second = await app.logIn(anna.email);
  await app.logIn(anna.email);
  const sessions = "/api/v1/auth/sessions";

  const { body } = await anna.get(sessions);
  assert.equal(body.total, 3);
  const current = body.items.filter((session: { current: boolean }) => session.current);
  assert.equal(current.length, 1);
  assert.equal(current[0].ip, "127.0.0.1");

  const newest = (await second.get(sessions)).body.items.find(
    (session: { current: boolean }) => session.current,
  );
  assert.equal((await anna.delete(`${sessions}/${newest.id}`)).status, 204);
  assert.equal((await second.get(me)).status, 401);
  assert.equal((await anna.delete(`${sessions}/${newest.id}`)).status, 404);

  assert.equal((await anna.delete(sessions)).status, 204);
  assert.equal((await anna.get(sessions)).body.total, 1);
});

test("a stranger cannot end a session", async () => {
  const anna = await app.person();
  const bert = await app.person();
  const { body } = await anna.get("/api/v1/auth/sessions");

  assert.equal((await bert.delete(`/api/v1/auth/sessions/${body.items[0].id}`)).status, 404);
  assert.equal((await anna.get(me)).status, 200);
});
