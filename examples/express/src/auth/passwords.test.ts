import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyPassword } from "#/auth/passwords.ts";
import { PASSWORD, type Person, useApp } from "#/testing.ts";

const app = useApp();
const NEW = "another-good-one-7";
const me = "/api/v1/users/me";

const change = (person: Person, current_password: string, new_password = NEW) =>
  person.post("/api/v1/auth/password/change", { current_password, new_password });
const forgot = (email: string) => app.post("/api/v1/auth/password/forgot", { email });
const reset = (token: string, new_password = NEW) =>
  app.post("/api/v1/auth/password/reset", { token, new_password });
const logIn = (email: string, password: string) =>
  app.post("/api/v1/auth/login", { email, password });

test("changing the password ends the other sessions", async () => {
  const anna = await app.person();
  const other = await app.logIn(anna.email);

  assert.equal((await change(anna, PASSWORD)).status, 204);
  assert.equal((await anna.get(me)).status, 200);
  assert.equal((await other.get(me)).status, 401);
  assert.equal((await logIn(anna.email, PASSWORD)).status, 401);
  assert.equal((await logIn(anna.email, NEW)).status, 200);
});

test("a wrong current password changes nothing", async () => {
  const anna = await app.person();
  const answer = await change(anna, "wrong-one-9");

  assert.equal(answer.status, 403);
  assert.equal(answer.body.type, "urn:problem:wrong-password");
  assert.equal((await logIn(anna.email, PASSWORD)).status, 200);
});

test("of two changes at once, one wins", async () => {
  const anna = await app.person();
  const answers = await Promise.all([change(anna, PASSWORD), change(anna, PASSWORD, `${NEW}x`)]);

  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 403]);
});

test("a forgotten password is replaced by the link of a mail, once", async () => {
  const anna = await app.person();
  assert.equal((await forgot(anna.email)).status, 202);
  const token = app.outbox.tokenFor(anna.email);

  assert.equal((await reset(token)).status, 204);
  assert.equal((await anna.get(me)).status, 401);
  const again = await app.logIn(anna.email, NEW);
  assert.equal((await again.get(me)).body.email_verified, true);
  assert.equal((await reset(token)).status, 400);
});

test("of two resets at once, one wins", async () => {
  const anna = await app.person();
  await forgot(anna.email);
  const token = app.outbox.tokenFor(anna.email);
  const answers = await Promise.all([reset(token), reset(token)]);

  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400]);
});

test("nobody is mailed who has no account, and nobody learns it", async () => {
  assert.equal((await forgot("nobody@example.com")).status, 202);
  assert.equal(app.outbox.mails.length, 0);
});

test("a wrong token resets nothing", async () => {
  const anna = await app.person();
  const verification = app.outbox.tokenFor(anna.email);

  for (const token of ["x", verification, anna.pair.access_token]) {
    const answer = await reset(token);
    assert.equal(answer.status, 400);
    assert.equal(answer.body.type, "urn:problem:invalid-token");
  }
});

test("an unknown account is compared with a hash all the same", async () => {
  assert.equal(await verifyPassword(PASSWORD), false);
});
