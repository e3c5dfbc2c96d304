// What a front end does with a generated client: it compiles against every framework's document.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Item = components["schemas"]["ItemRead"];
type Status = components["schemas"]["ItemStatus"];
type Pair = components["schemas"]["TokenPair"];

const client = createClient<paths>({ baseUrl: "http://localhost:8000" });

export async function signIn(email: string, password: string): Promise<Pair> {
  await client.POST("/api/v1/auth/register", { body: { email, password } });
  const { data, error } = await client.POST("/api/v1/auth/login", { body: { email, password } });
  if (error) throw new Error(`${error.status} ${error.type}: ${error.detail}`);
  client.use({
    onRequest: ({ request }) => {
      request.headers.set("Authorization", `Bearer ${data.access_token}`);
      return request;
    },
  });
  return data;
}

export async function listDone(): Promise<{ items: Item[]; total: number }> {
  const status: Status = "done";
  const { data, error } = await client.GET("/api/v1/items", {
    params: { query: { status, page: 1, size: 50, sort: "-created_at", q: "tea" } },
  });
  if (error) throw new Error(error.title);
  return { items: data.items, total: data.total };
}

export async function createWithDefaults(): Promise<Item> {
  const { data, error } = await client.POST("/api/v1/items", { body: { title: "Tea" } });
  if (error) throw new Error(error.errors?.[0]?.pointer ?? error.title);
  const due: string | null = data.due_on;
  return { ...data, due_on: due };
}

export async function finish(id: string): Promise<Item> {
  const found = await client.GET("/api/v1/items/{id}", { params: { path: { id } } });
  const etag: string | null = found.response.headers.get("ETag");
  const { data, error } = await client.PATCH("/api/v1/items/{id}", {
    params: { path: { id }, header: etag ? { "If-Match": etag } : {} },
    body: { status: "done" },
  });
  if (error) throw new Error(error.title);
  return data;
}

export async function clearDueDate(id: string): Promise<void> {
  await client.PATCH("/api/v1/items/{id}", { params: { path: { id } }, body: { due_on: null } });
  await client.PATCH("/api/v1/items/{id}", { params: { path: { id } }, body: {} });
}

export async function remove(id: string): Promise<void> {
  await client.DELETE("/api/v1/items/{id}", { params: { path: { id } } });
}

export async function rename(name: string): Promise<string | null> {
  await client.PATCH("/api/v1/users/me", { body: {} });
  const { data, error } = await client.PATCH("/api/v1/users/me", { body: { name } });
  if (error) throw new Error(error.title);
  return data.name;
}
