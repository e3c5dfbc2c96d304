/** Tests that every resource has; the test file of each says what its fields are. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, UNKNOWN, useApp } from "#/testing.ts";

type Row = Record<string, unknown>;

interface Resource {
  /** A body with all fields, and others that sort after each of its values. */
  body: Row;
  changed: Row;
  /** For each field a value that it refuses. */
  refused: Row;
  /** For each field that is unique, the n-th of values that all differ. */
  unique: Record<string, (n: number) => unknown>;
  required: string[];
  searched: string[];
  sorted: string[];
  filtered: string[];
}

export function testResource(path: string, resource: Resource): void {
  const { body, changed, refused, unique, required, searched, sorted, filtered } = resource;
  const app = useApp();
  let count = 0;
  const someone = () => app.person();

  async function make(client: Client, given: Row = body) {
    const answer = await client.post(path, given);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer;
  }

  /** A body whose unique values no other one has. */
  function distinct(given: Row = body): Row {
    const values = Object.entries(unique).map(([name, nth]) => [name, nth(++count)]);
    return { ...given, ...Object.fromEntries(values) };
  }

  test("what is made can be read where Location says", async () => {
    const client = await someone();
    const made = await make(client);

    const read = await client.get(made.headers.get("location") ?? "");
    assert.equal(read.status, 200);
    assert.deepEqual(read.body, made.body);
    assert.equal(read.headers.get("etag"), made.headers.get("etag"));
    for (const [name, value] of Object.entries(body)) {
      assert.deepEqual(made.body[name], value, name);
    }
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
    assert.ok(read.updated_at > made.updated_at);
  });

  test("what a field cannot have is refused by its name", async () => {
    const client = await someone();
    const { body: made } = await make(client);

    for (const [name, value] of Object.entries(refused)) {
      for (const answer of [
        await client.post(path, { ...body, [name]: value }),
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
      const { [name]: _, ...rest } = distinct();
      const answer = await client.post(path, rest);
      assert.equal(answer.status, required.includes(name) ? 422 : 201, name);
    }
  });

  for (const name of Object.keys(unique)) {
    test(`${name} is taken once`, async () => {
      const client = await someone();
      await make(client);
      const answer = await client.post(path, { ...distinct(), [name]: body[name] });

      assert.equal(answer.status, 409);
      assert.equal(answer.body.type, "urn:problem:conflict");
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
    const [name = ""] = Object.keys(changed);

    assert.equal((await client.patch(url, { [name]: changed[name] }, { headers })).status, 200);
    for (const answer of [
      await client.patch(url, {}, { headers }),
      await client.delete(url, { headers }),
    ]) {
      assert.equal(answer.status, 412);
      assert.equal(answer.body.type, "urn:problem:precondition-failed");
    }
    assert.equal((await client.delete(url, { headers: { "If-Match": "*" } })).status, 204);
  });

  test("nobody else sees, changes or deletes it", async () => {
    const { body: made } = await make(await someone());
    const stranger = await someone();
    const url = `${path}/${made.id}`;

    assert.equal((await stranger.get(path)).body.total, 0);
    assert.equal((await stranger.get(url)).status, 404);
    assert.equal((await stranger.patch(url, changed)).status, 404);
    assert.equal((await stranger.delete(url)).status, 404);
    assert.equal((await app.get(path)).status, 401);
  });

  test("a client cannot choose the owner", async () => {
    const client = await someone();
    const { body: made } = await make(client, { ...body, owner_id: UNKNOWN, id: UNKNOWN });

    assert.notEqual(made.id, UNKNOWN);
    assert.equal((await client.get(path)).body.total, 1);
  });

  test("a list has pages, the newest first", async () => {
    const client = await someone();
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      ids.unshift((await make(client, distinct())).body.id);
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
    const small = (await make(client)).body.id;
    const great = (await make(client, changed)).body.id;

    for (const name of sorted.filter((name) => body[name] !== changed[name])) {
      const idsBy = async (sort: string) => {
        const { items } = (await client.get(`${path}?sort=${sort}`)).body;
        return items.map(({ id }: { id: string }) => id);
      };
      assert.deepEqual(await idsBy(name), [small, great], name);
      assert.deepEqual(await idsBy(`-${name}`), [great, small], name);
    }
  });

  test("a text is found in any case, and its wildcards are literal", async () => {
    const client = await someone();
    await make(client);

    for (const name of searched) {
      const text = String(body[name]);
      assert.equal((await client.get(`${path}?q=${text.toUpperCase()}`)).body.total, 1, name);
    }
    assert.equal((await client.get(`${path}?q=%25_`)).body.total, 0);
  });

  test("a list is filtered by its choices", async () => {
    const client = await someone();
    await make(client);

    for (const name of filtered) {
      const total = async (value: unknown) =>
        (await client.get(`${path}?${name}=${value}`)).body.total;
      assert.equal(await total(body[name]), 1, name);
      assert.equal(await total(changed[name]), body[name] === changed[name] ? 1 : 0, name);
      assert.equal((await client.get(`${path}?${name}=nonsense`)).status, 422);
    }
  });
}
