import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, useApp } from "#/testing.ts";
import { User } from "#/users/model.ts";

const app = useApp();
const register = (body: object) => app.post("/api/v1/auth/register", body);
const verify = (token: string) => app.post("/api/v1/auth/email/verify", { token });

test("an account is made, and gets a mail with a link", async () => {
  const answer = await register({ email: "anna@example.com", password: PASSWORD, name: "Anna" });

  assert.equal(answer.status, 202);
  assert.equal(answer.body, "");
  const [mail] = app.outbox.mails;
  assert.equal(mail?.to, "anna@example.com");
  assert.match(mail?.link ?? "", /^http:\/\/localhost:8000\/verify-email\?token=/);
});

test("nobody learns that an address is taken but its owner", async () => {
  await register({ email: "anna@example.com", password: PASSWORD });
  const again = await register({ email: "ANNA@example.com", password: "another-one-9" });

  assert.equal(again.status, 202);
  assert.equal(app.outbox.mails.at(-1)?.subject, "You already have an account");
  assert.equal(await app.services.orm.em.fork().count(User), 1);
});

test("two registrations at once make one account", async () => {
  const body = { email: "anna@example.com", password: PASSWORD };
  const answers = await Promise.all([register(body), register(body)]);

  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202],
  );
  assert.equal(await app.services.orm.em.fork().count(User), 1);
});

test("a client cannot make itself an administrator", async () => {
  await register({ email: "anna@example.com", password: PASSWORD, role: "admin", id: "x" });
  const anna = await app.logIn("anna@example.com");

  assert.equal((await anna.get("/api/v1/users/me")).body.role, "user");
});

for (const [password, why] of [
  ["short-1", "too short"],
  ["x".repeat(129), "too long"],
  ["password123", "common"],
  ["nul\0nul\0nul", "not storable"],
] as const) {
  test(`a password is refused that is ${why}`, async () => {
    const answer = await register({ email: "anna@example.com", password });

    assert.equal(answer.status, 422);
    assert.deepEqual(
      answer.body.errors.map((place: { pointer: string }) => place.pointer),
      ["#/password"],
    );
  });
}

test("the link of the mail verifies the address, once", async () => {
  const anna = await app.person("anna@example.com");
  const token = app.outbox.tokenFor(anna.email);

  assert.equal((await verify(token)).status, 204);
  assert.equal((await anna.get("/api/v1/users/me")).body.email_verified, true);
  const again = await verify(token);
  assert.equal(again.status, 400);
  assert.equal(again.body.type, "urn:problem:invalid-token");
});

test("the mail is sent again, but only to accounts that wait for it", async () => {
  const anna = await app.person();
  const resend = (email: string) => app.post("/api/v1/auth/email/resend", { email });

  assert.equal((await resend(anna.email)).status, 202);
  assert.equal(app.outbox.mails.length, 2);
  assert.equal((await resend("nobody@example.com")).status, 202);
  await verify(app.outbox.tokenFor(anna.email));
  assert.equal((await resend(anna.email)).status, 202);
  assert.equal(app.outbox.mails.length, 2);
});

test("a token of another kind verifies nothing", async () => {
  const anna = await app.person();

  assert.equal((await verify(anna.pair.access_token)).status, 400);
  assert.equal((await verify("no.such.token")).status, 400);
});
