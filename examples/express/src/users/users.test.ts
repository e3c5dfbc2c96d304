import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, UNKNOWN, useApp } from "#/testing.ts";
import { User } from "#/users/model.ts";
import { saveAdmin } from "#/users/service.ts";

const app = useApp();
const me = "/api/v1/users/me";
const users = "/api/v1/users";

test("people see and change their own account", async () => {
  const anna = await app.person("Anna@Example.com");
  const { body } = await anna.get(me);

  assert.deepEqual(Object.keys(body).sort(), [
    "created_at",
    "email",
    "email_verified",
    "id",
    "name",
    "role",
  ]);
  assert.equal(body.email, "anna@example.com");
  assert.equal((await anna.patch(me, { name: "Anna" })).body.name, "Anna");
  assert.equal((await anna.patch(me, {})).body.name, "Anna");
  assert.equal((await anna.patch(me, { name: null, role: "admin" })).body.role, "user");
  assert.equal((await anna.patch(me, { name: "" })).status, 422);
});

test("people delete their account with all that is theirs", async () => {
  const anna = await app.person();

  assert.equal((await anna.delete(me)).status, 204);
  assert.equal((await anna.get(me)).status, 401);
  assert.equal(await app.services.orm.em.fork().count(User), 0);
});

test("only administrators see other accounts", async () => {
  const anna = await app.person();
  for (const answer of [
    await anna.get(users),
    await anna.get(`${users}/${UNKNOWN}`),
    await anna.patch(`${users}/${UNKNOWN}`, {}),
  ]) {
    assert.equal(answer.status, 403);
    assert.equal(answer.body.type, "urn:problem:forbidden");
  }
});

test("administrators find, filter and sort accounts", async () => {
  const admin = await app.admin();
  await app.person("zoe@example.com");
  const find = async (query: string) => (await admin.get(`${users}?${query}`)).body;

  assert.equal((await find("")).total, 2);
  assert.equal((await find("q=ZOE")).items[0].email, "zoe@example.com");
  assert.equal((await find("role=admin")).total, 1);
  assert.equal((await find("is_active=false")).total, 0);
  assert.equal((await find("email_verified=false")).total, 2);
  assert.equal((await find("sort=-email")).items[0].email, "zoe@example.com");
  assert.equal((await admin.get(`${users}?role=king`)).status, 422);
});

test("deactivating an account ends its sessions", async () => {
  const admin = await app.admin();
  const anna = await app.person();
  const { id } = (await anna.get(me)).body;

  const answer = await admin.patch(`${users}/${id}`, { is_active: false, name: "Gone" });
  assert.equal(answer.body.is_active, false);
  assert.equal((await anna.get(me)).status, 401);
  const login = { email: anna.email, password: PASSWORD };
  assert.equal((await app.post("/api/v1/auth/login", login)).status, 401);
  assert.equal((await admin.get(`${users}/${id}`)).body.name, "Gone");
});

test("an account that does not exist is 404", async () => {
  const admin = await app.admin();

  for (const id of [UNKNOWN, "x"]) {
    assert.equal((await admin.get(`${users}/${id}`)).status, 404);
    assert.equal((await admin.patch(`${users}/${id}`, { name: "x" })).status, 404);
  }
});

test("the last administrator stays one", async () => {
  const admin = await app.admin();
  const { id } = (await admin.get(me)).body;

  for (const answer of [
    await admin.patch(`${users}/${id}`, { role: "user" }),
    await admin.patch(`${users}/${id}`, { is_active: false }),
    await admin.delete(me),
  ]) {
    assert.equal(answer.status, 409);
    assert.equal(answer.body.type, "urn:problem:conflict");
  }
  await app.admin();
  assert.equal((await admin.patch(`${users}/${id}`, { role: "user" })).status, 200);
});

test("an administrator is made once, and an account is promoted that is verified", async () => {
  const em = () => app.services.orm.em.fork();

  assert.equal(await saveAdmin(em(), "root@example.com", PASSWORD), true);
  assert.equal(await saveAdmin(em(), "root@example.com", PASSWORD), false);
  const anna = await app.person();
  await assert.rejects(saveAdmin(em(), anna.email, PASSWORD), /not verified/);
  await em().nativeUpdate(User, { email: anna.email }, { email_verified: true });
  assert.equal(await saveAdmin(em(), anna.email, PASSWORD), false);
  assert.equal((await anna.get(me)).body.role, "admin");
});
