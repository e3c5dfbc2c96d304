/** Tests that every resource has; `testing.ts` of each says what its fields are. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, UNKNOWN, useApp } from "#/testing.ts";

type Row = Record<string, unknown>;
type Nth = (n: number) => unknown;

export interface Resource {
  path: string;
  /** A value of each field, and another one that sorts after it. */
  body: Row;
  changed: Row;
  /** For each field a value that it refuses. */
  refused: Row;
  /** For each field that is unique, the n-th of values that all differ. */
  unique: Record<string, Nth>;
  /** What fields are that are left out; the others are required. */
  defaults: Row;
  searched: string[];
  sorted: string[];
  filtered: string[];
}

let count = 0;

/** A body whose values no other row has where they must differ. */
function bodyOf(resource: Resource, given: Row = {}): Row {
  count += 1;
  const body = { ...resource.body };
  for (const [name, nth] of Object.entries(resource.unique)) {
    body[name] = nth(count);
  }
  return { ...body, ...given };
}

async function makeOf(resource: Resource, client: Client, given: Row = {}) {
  const answer = await client.post(resource.path, bodyOf(resource, given));
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer;
}

export function testResource(resource: Resource): void {
  const { path, body, changed } = resource;
  const app = useApp();
  const someone = () => app.person();

  const make = (client: Client, given: Row = {}) => makeOf(resource, client, given);

  test("what is made can be read where Location says", async () => {
    const client = await someone();
    const given = bodyOf(resource);
    const made = await client.post(path, given);

    assert.equal(made.status, 201, JSON.stringify(made.body));
    const read = await client.get(made.headers.get("location") ?? "");
    assert.deepEqual(read.body, made.body);
    assert.equal(read.headers.get("etag"), made.headers.get("etag"));
    assert.deepEqual({ ...made.body, ...given }, made.body);
    assert.equal(made.body.created_at, made.body.updated_at);
  });

  test("each field is changed on its own, and an empty change changes nothing", async () => {
    const client = await someone();
    const { body: made } = await make(client);
    const url = `${path}/${made.id}`;

    assert.deepEqual((await client.patch(url, {})).body, made);
    for (const [name, value] of Object.entries(changed)) {
      const answer = await client.patch(url, { [name]: value });
      assert.deepEqual(answer.body[name], value, name);
    }
    const read = (await client.get(url)).body;
    assert.deepEqual({ ...read, ...changed }, read);
    assert.ok(read.updated_at > made.updated_at || Object.keys(changed).length === 0);
  });

  test("what a field cannot have is refused by its name", async () => {
    const client = await someone();
    const { body: made } = await make(client);
    const given = bodyOf(resource);

    for (const [name, value] of Object.entries(resource.refused)) {
      for (const answer of [
        await client.post(path, { ...given, [name]: value }),
        await client.patch(`${path}/${made.id}`, { [name]: value }),
      ]) {
        assert.equal(answer.status, 422, name);
        assert.match(answer.body.errors[0].pointer, new RegExp(`^#/${name}`));
      }
    }
  });

  test("what is required cannot be left out, and all else can", async () => {
    const client = await someone();

    for (const name of Object.keys(body)) {
      const { [name]: _, ...rest } = bodyOf(resource);
      const answer = await client.post(path, rest);
      assert.equal(answer.status, name in resource.defaults ? 201 : 422, name);
      if (name in resource.defaults) {
        assert.deepEqual(answer.body[name], resource.defaults[name], name);
      }
    }
  });

  for (const name of Object.keys(resource.unique)) {
    test(`${name} is taken once by each owner`, async () => {
      const client = await someone();
      const { body: made } = await make(client);
      const given = bodyOf(resource, { [name]: made[name] });
      const answer = await client.post(path, given);

      assert.equal(answer.status, 409);
      assert.equal(answer.body.type, "urn:problem:conflict");
      await make(await someone(), { [name]: made[name] });
    });
  }

  test("it is deleted once", async () => {
    const client = await someone();
    const { body: made } = await make(client);
    const url = `${path}/${made.id}`;

    assert.equal((await client.delete(url)).status, 204);
    assert.equal((await client.get(url)).status, 404);
    assert.equal((await client.delete(url)).status, 404);
  });

  test("what does not exist is 404", async () => {
    const client = await someone();

    for (const id of [UNKNOWN, "no-uuid"]) {
      assert.equal((await client.get(`${path}/${id}`)).status, 404);
      assert.equal((await client.patch(`${path}/${id}`, {})).status, 404);
      assert.equal((await client.delete(`${path}/${id}`)).status, 404);
    }
  });

  test("an older version is neither changed nor deleted", async () => {
    const client = await someone();
    const made = await make(client);
    const url = `${path}/${made.body.id}`;
    const headers = { "If-Match": made.headers.get("etag") ?? "" };

    assert.equal((await client.patch(url, {}, { headers })).status, 200);
    for (const [name, value] of Object.entries(changed).slice(0, 1)) {
      assert.equal((await client.patch(url, { [name]: value }, { headers })).status, 200);
    }
    const older = { headers: { "If-Match": '"1"' } };
    for (const answer of [await client.patch(url, {}, older), await client.delete(url, older)]) {
      assert.equal(answer.status, 412);
      assert.equal(answer.body.type, "urn:problem:precondition-failed");
    }
    assert.equal((await client.delete(url, { headers: { "If-Match": "*" } })).status, 204);
  });

  test("nobody else sees, changes or deletes it", async () => {
    const { body: made } = await make(await someone());
    const stranger = await app.person();
    const url = `${path}/${made.id}`;

    assert.equal((await stranger.get(path)).body.total, 0);
    assert.equal((await stranger.get(url)).status, 404);
    assert.equal((await stranger.patch(url, {})).status, 404);
    assert.equal((await stranger.delete(url)).status, 404);
    assert.equal((await app.get(path)).status, 401);
  });

  test("a client cannot choose the owner", async () => {
    const client = await someone();
    const { body: made } = await make(client, { owner_id: UNKNOWN, id: UNKNOWN });

    assert.notEqual(made.id, UNKNOWN);
    assert.equal((await client.get(path)).body.total, 1);
  });

  test("a list has pages, the newest first", async () => {
    const client = await someone();
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      ids.unshift((await make(client)).body.id);
    }
    const page = async (query: string) => (await client.get(`${path}?${query}`)).body;

    const first = await page("size=2");
    assert.deepEqual(
      [...first.items, ...(await page("size=2&page=2")).items].map(({ id }) => id),
      ids,
    );
    assert.equal(first.total, 3);
    assert.deepEqual(await page("page=9"), { items: [], total: 3, page: 9, size: 20 });
    assert.equal((await client.get(`${path}?size=0`)).status, 422);
    assert.equal((await client.get(`${path}?sort=nothing`)).status, 422);
  });

  test("a list is sorted by each field, either way", async () => {
    const client = await someone();

    for (const name of resource.sorted.filter((name) => body[name] !== changed[name])) {
      const small = (await make(client, { [name]: body[name] })).body.id;
      const great = (await make(client, { [name]: changed[name] })).body.id;
      const idsBy = async (sort: string) => {
        const { items } = (await client.get(`${path}?sort=${sort}&size=100`)).body;
        const ids = items.map(({ id }: { id: string }) => id);
        return ids.filter((id: string) => id === small || id === great);
      };
      assert.deepEqual(await idsBy(name), [small, great], name);
      assert.deepEqual(await idsBy(`-${name}`), [great, small], name);
      await client.delete(`${path}/${small}`);
      await client.delete(`${path}/${great}`);
    }
  });

  test("a text is found in any case, and its wildcards are literal", async () => {
    const client = await someone();

    for (const name of resource.searched) {
      const { id } = (await make(client, { [name]: body[name] })).body;
      const text = String(body[name]).toUpperCase();
      const { items } = (await client.get(`${path}?q=${text}`)).body;
      const found = items.filter((item: Row) => item.id === id);
      assert.equal(found.length, 1, name);
      await client.delete(`${path}/${id}`);
    }
    assert.equal((await client.get(`${path}?q=%25_`)).body.total ?? 0, 0);
  });

  test("a list is filtered by its choices", async () => {
    const client = await someone();
    await make(client, body);

    for (const name of resource.filtered) {
      const total = async (value: unknown) =>
        (await client.get(`${path}?${name}=${value}`)).body.total;
      assert.equal(await total(body[name]), 1, name);
      assert.equal(await total(changed[name]), body[name] === changed[name] ? 1 : 0, name);
      assert.equal((await client.get(`${path}?${name}=nonsense`)).status, 422);
    }
  });
}
